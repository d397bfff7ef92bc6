package io.sluice.bench.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.sluice.bench.whole.Records.Entry;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A request whose rows are for five tables, of which some reach a log before the Writer crashes.
 */
@Timeout(120)
class HalfStoredTest {

  private static final int REQUESTS = 8;

  @TempDir Path data;

  @Test
  void halfStoredRequestIsNotAckedAndItsRepeatStoresTheRestOnce() throws Exception {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 1; i <= REQUESTS; i++) {
      requests.add(fiveKinds(i).toByteArray());
    }
    try (StoredRecords stored = new StoredRecords(data)) {
      halfStore(stored, requests);
      try (InProcessSluice sluice = new InProcessSluice(data)) {
        for (byte[] request : requests) {
          sluice.post(Signal.METRICS, request).get();
        }
        for (Table table : Table.all()) {
          List<Entry> expected = new ArrayList<>();
          for (byte[] request : requests) {
            expected.addAll(entries(table, request));
          }
          assertThat(stored.hot(sluice.flight(), table))
              .containsExactlyInAnyOrderElementsOf(expected);
        }
      }
    }
  }

  /** The batches with an odd id belong to a log whose Writer is away. */
  private void halfStore(StoredRecords stored, List<byte[]> requests) throws Exception {
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = nobody.getLocalPort();
      nobody.close();
      try (InProcessSluice sluice =
          new InProcessSluice(
              data, "--logs=2", "--writers=WRITER,127.0.0.1:" + port, "--otlp.http.patience=5s")) {
        var answers = requests.stream().map(r -> sluice.answer(Signal.METRICS, r)).toList();
        long refused = 0;
        for (var answer : answers) {
          refused += answer.get().statusCode() == 503 ? 1 : 0;
        }
        long rows = 0;
        for (Table table : Table.all()) {
          rows += stored.hot(sluice.flight(), table).size();
        }
        assertThat(refused).isPositive();
        assertThat(rows).isGreaterThan(5 * (requests.size() - refused)).isLessThan(5L * REQUESTS);
        sluice.crash();
      }
    }
  }

  private static List<Entry> entries(Table table, byte[] request) {
    return Records.of(Signal.METRICS, OtlpBytes.parse(Signal.METRICS, request), 64)
        .entries()
        .stream()
        .filter(entry -> entry.table() == table)
        .toList();
  }

  private static ExportMetricsServiceRequest fiveKinds(long time) {
    ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
    NumberDataPoint number = NumberDataPoint.newBuilder().setTimeUnixNano(time).build();
    scope.addMetrics(Metric.newBuilder().setGauge(Gauge.newBuilder().addDataPoints(number)));
    scope.addMetrics(Metric.newBuilder().setSum(Sum.newBuilder().addDataPoints(number)));
    scope.addMetrics(
        Metric.newBuilder()
            .setHistogram(
                Histogram.newBuilder()
                    .addDataPoints(HistogramDataPoint.newBuilder().setTimeUnixNano(time))));
    scope.addMetrics(
        Metric.newBuilder()
            .setExponentialHistogram(
                ExponentialHistogram.newBuilder()
                    .addDataPoints(
                        ExponentialHistogramDataPoint.newBuilder().setTimeUnixNano(time))));
    scope.addMetrics(
        Metric.newBuilder()
            .setSummary(
                Summary.newBuilder()
                    .addDataPoints(SummaryDataPoint.newBuilder().setTimeUnixNano(time))));
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(scope))
        .build();
  }
}
