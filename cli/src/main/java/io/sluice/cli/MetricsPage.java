package io.sluice.cli;

import io.sluice.schema.service.KnownMetrics;
import io.sluice.schema.service.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** docs/metrics.md, from what the services may register: a test holds the page to it. */
final class MetricsPage {

  private static final String INTRODUCTION =
      """
      # Metrics

      What the `/metrics` pages show; no service can register a metric that is not in this table. Histograms have `_bucket`, `_sum` and `_count`. Labels in brackets
      are there where the cluster has several logs. Counts and gauges are of the process, since it was started, unless they say otherwise. What to watch of it:
      [operations.md](operations.md#what-to-watch). This page is generated.
      """;

  static String text() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    String section = "";
    for (Metric metric : KnownMetrics.all().values()) {
      if (!metric.section().equals(section)) {
        section = metric.section();
        page.append("\n## ").append(section).append("\n\n");
        page.append("| metric | type | unit | labels | what it says |\n");
        page.append("| --- | --- | --- | --- | --- |\n");
      }
      page.append(
          "| `%s` | %s | `%s` | %s | %s |\n"
              .formatted(
                  metric.prometheus(),
                  metric.kind(),
                  metric.unit(),
                  labels(metric),
                  metric.text()));
    }
    return page.toString();
  }

  private static String labels(Metric metric) {
    List<String> labels = new ArrayList<>(metric.labels());
    metric.more().forEach(label -> labels.add("[" + label + "]"));
    return labels.stream()
        .map(label -> "`" + Metric.onPage(label) + "`")
        .collect(Collectors.joining(", "));
  }

  private MetricsPage() {}
}
