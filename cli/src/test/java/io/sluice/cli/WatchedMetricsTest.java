package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.schema.service.KnownMetrics;
import io.sluice.schema.service.Metric;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What alerts and the dashboard ask for is what the services export, and each alert is told of. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WatchedMetricsTest {

  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Path ALERTS = DEPLOY.resolve("prometheus/alerts.yaml");
  private static final Path ALERTS_TEST = DEPLOY.resolve("prometheus/alerts.test.yaml");
  private static final Path DASHBOARD = DEPLOY.resolve("grafana/sluice.json");
  private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks.md");

  /** Given by Prometheus to all that it scrapes. */
  private static final Set<String> SCRAPED = Set.of("job", "instance");

  private static final Set<String> OF_SEVERAL_WRITERS =
      Set.of("sluice.leads.returned", "sluice.leads.failures", "sluice.raft.refused");

  private static final Pattern ALERT_LABEL = Pattern.compile("\\$labels\\.([a-z_]+)");
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{ *([a-z_]+) *\\}\\}");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private record Alert(String name, String expression, String severity, Map<String, String> says) {}

  private record Query(String panel, String expression, String legend) {}

  @Test
  void alertsAskForMetricsAndLabelsThatThereAre() throws Exception {
    List<Alert> alerts = alerts();
    assertThat(alerts).hasSizeGreaterThan(20);
    for (Alert alert : alerts) {
      PromExpression asked = PromExpression.of(alert.expression());
      assertKnown(alert.name(), asked);
      Set<String> there = labelsOf(asked);
      for (String text : alert.says().values()) {
        Matcher label = ALERT_LABEL.matcher(text);
        while (label.find()) {
          assertThat(there).as("%s tells of", alert.name()).contains(label.group(1));
        }
      }
    }
  }

  @Test
  void dashboardAsksForMetricsAndLabelsThatThereAre() throws Exception {
    List<Query> queries = queries();
    assertThat(queries).hasSizeGreaterThan(40);
    for (Query query : queries) {
      PromExpression asked = PromExpression.of(query.expression());
      assertKnown(query.panel(), asked);
      Matcher label = LEGEND_LABEL.matcher(query.legend());
      while (label.find()) {
        assertThat(labelsOf(asked)).as("legend of %s", query.panel()).contains(label.group(1));
      }
    }
  }

  @Test
  void eachAlertHasASeverityAndAParagraphAndNoParagraphIsOfNone() throws Exception {
    Set<String> names = new LinkedHashSet<>();
    for (Alert alert : alerts()) {
      assertThat(alert.severity()).as(alert.name()).isIn("page", "ticket");
      assertThat(alert.says()).as(alert.name()).containsKeys("summary", "runbook_url");
      assertThat(alert.says().get("runbook_url"))
          .isEqualTo("docs/runbooks.md#" + alert.name().toLowerCase(Locale.ROOT));
      assertThat(names.add(alert.name())).as("twice: " + alert.name()).isTrue();
    }
    List<String> paragraphs =
        Files.readAllLines(RUNBOOKS).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();
    assertThat(paragraphs).containsExactlyInAnyOrderElementsOf(names);
  }

  /** The file is run by promtool, which this build has not. */
  @Test
  void eachAlertFiresInTheTestOfPrometheusOnMetricsThatThereAre() throws Exception {
    Set<String> fired = new LinkedHashSet<>();
    for (Object each : (List<?>) yaml(ALERTS_TEST).get("tests")) {
      Map<?, ?> test = (Map<?, ?>) each;
      Set<String> fires = new LinkedHashSet<>();
      for (Object asked : (List<?>) test.get("alert_rule_test")) {
        String name = ((Map<?, ?>) asked).get("alertname").toString();
        assertThat((List<?>) ((Map<?, ?>) asked).get("exp_alerts")).as(name).isNotEmpty();
        fires.add(name);
      }
      for (Object given : (List<?>) test.get("input_series")) {
        String series = ((Map<?, ?>) given).get("series").toString();
        assertKnown("test of " + fires, PromExpression.of(series));
      }
      fired.addAll(fires);
    }
    assertThat(fired)
        .containsExactlyInAnyOrderElementsOf(alerts().stream().map(Alert::name).toList());
  }

  /** The other way round than Telemetry, which lets nobody register what is not listed. */
  @Test
  void runningServicesExportWhatIsListedWithItsLabels() throws Exception {
    Map<String, Set<String>> exported = new HashMap<>();
    try (OneBox box = OneBox.start(directory.resolve("data"))) {
      box.run("load", "--signal=all", "--rate=1000", "--seconds=1");
      box.run("flush");
      box.sql("SELECT count(*) FROM traces");
      for (String port : List.of("acceptor.admin.port", "writer.admin.port")) {
        URI page = URI.create(box.admin(port) + "/metrics");
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofLines())
            .body()
            .forEach(line -> note(line, exported));
      }
      assertThat(box.stop()).isZero();
    }
    Map<String, Metric> listed = byPageName();
    Set<String> labelled = new LinkedHashSet<>();
    exported.forEach(
        (name, labels) -> {
          Metric metric = listed.get(name);
          assertThat(metric).as(name).isNotNull();
          Set<String> may = new LinkedHashSet<>(onPage(metric.labels()));
          assertThat(labels).as(name).containsAll(may);
          may.addAll(onPage(metric.more()));
          may.add("le");
          assertThat(may).as(name).containsAll(labels);
          labelled.add(metric.name());
        });
    Set<String> missing = new LinkedHashSet<>();
    for (Metric metric : KnownMetrics.all().values()) {
      boolean here = !metric.section().startsWith("Flight SQL") && metric.labels().isEmpty();
      if (here && !labelled.contains(metric.name())) {
        missing.add(metric.name());
      }
    }
    assertThat(missing).as("not exported by one Writer").isEqualTo(OF_SEVERAL_WRITERS);
    assertThat(labelled)
        .contains("sluice.acceptor.requests", "sluice.records.persisted", "sluice.forward.batches");
  }

  private static void note(String line, Map<String, Set<String>> exported) {
    Matcher sample = SAMPLE.matcher(line);
    if (!line.startsWith("#")
        && sample.matches()
        && !line.startsWith("target_info")
        && !line.startsWith("otel_scope")) {
      Set<String> labels = exported.computeIfAbsent(sample.group(1), name -> new LinkedHashSet<>());
      if (sample.group(2) != null) {
        Matcher label = LABEL.matcher(sample.group(2));
        while (label.find()) {
          if (!label.group(1).startsWith("otel_scope_")) {
            labels.add(label.group(1));
          }
        }
      }
    }
  }

  private static Map<String, Metric> byPageName() {
    Map<String, Metric> all = new HashMap<>();
    for (Metric metric : KnownMetrics.all().values()) {
      if (metric.kind() == Metric.Kind.HISTOGRAM) {
        for (String suffix : List.of("_bucket", "_sum", "_count")) {
          all.put(metric.prometheus() + suffix, metric);
        }
      } else {
        all.put(metric.prometheus(), metric);
      }
    }
    return all;
  }

  private static void assertKnown(String where, PromExpression asked) {
    assertThat(asked.metrics()).as(where).isNotEmpty();
    Map<String, Metric> all = byPageName();
    Set<String> there = labelsOf(asked);
    asked
        .metrics()
        .forEach(
            (name, matched) -> {
              assertThat(all.containsKey(name) || name.equals("up"))
                  .as("%s asks for %s", where, name)
                  .isTrue();
              assertThat(labels(name)).as("%s of %s", where, name).containsAll(matched);
            });
    assertThat(there).as("%s groups by", where).containsAll(asked.grouped());
  }

  private static Set<String> labelsOf(PromExpression asked) {
    Set<String> labels = new LinkedHashSet<>();
    asked.metrics().keySet().forEach(name -> labels.addAll(labels(name)));
    return labels;
  }

  private static Set<String> labels(String name) {
    Set<String> labels = new LinkedHashSet<>(SCRAPED);
    Metric metric = byPageName().get(name);
    if (metric != null) {
      labels.addAll(onPage(metric.labels()));
      labels.addAll(onPage(metric.more()));
    }
    if (name.endsWith("_bucket")) {
      labels.add("le");
    }
    return labels;
  }

  private static List<String> onPage(List<String> labels) {
    return labels.stream().map(Metric::onPage).toList();
  }

  private static Map<?, ?> yaml(Path file) throws IOException {
    return (Map<?, ?>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  private static List<Alert> alerts() throws IOException {
    List<Alert> alerts = new ArrayList<>();
    for (Object group : (List<?>) yaml(ALERTS).get("groups")) {
      for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
        Map<?, ?> of = (Map<?, ?>) rule;
        Map<String, String> says = new HashMap<>();
        ((Map<?, ?>) of.get("annotations"))
            .forEach((key, value) -> says.put(key.toString(), value.toString()));
        alerts.add(
            new Alert(
                of.get("alert").toString(),
                of.get("expr").toString(),
                ((Map<?, ?>) of.get("labels")).get("severity").toString(),
                says));
      }
    }
    return alerts;
  }

  private static List<Query> queries() throws IOException {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            new Query(
                panel.get("title").asText(),
                target.get("expr").asText(),
                target.get("legendFormat").asText()));
      }
    }
    return queries;
  }
}
