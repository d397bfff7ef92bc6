package io.sluice.bench.torture.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.sluice.bench.audit.AckLog;
import io.sluice.bench.record.RunKeys;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The SDK's exporter, with notes of what it says; points without a key are the SDK's own. */
record NotedMetrics(MetricExporter exporter, RunKeys keys, AckLog acks, SdkCounts counts)
    implements MetricExporter {

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    List<Long> exported =
        metrics.stream()
            .flatMap(metric -> metric.getData().getPoints().stream())
            .map(point -> point.getAttributes().get(SdkLoad.KEY))
            .flatMap(text -> text == null ? null : keys.ofText(text).stream().boxed())
            .toList();
    counts.exported.addAndGet(exported.size());
    CompletableResultCode result = exporter.export(metrics);
    result.whenComplete(() -> note(exported, result.isSuccess()));
    return result;
  }

  /** The points of one collection are one request of the notes. */
  private void note(List<Long> exported, boolean acked) {
    if (!acked) {
      counts.failed.addAndGet(exported.size());
      return;
    }
    TreeMap<Integer, Long> points = new TreeMap<>();
    exported.forEach(key -> points.merge(RunKeys.request(key), 1L, Long::sum));
    points.forEach((request, count) -> acks.acked(RunKeys.lane(exported.get(0)), request, count));
    counts.acked.addAndGet(exported.size());
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return exporter.getAggregationTemporality(type);
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
