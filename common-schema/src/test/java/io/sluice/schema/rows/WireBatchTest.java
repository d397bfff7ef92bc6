package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireBatchTest {

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  private static ExportTraceServiceRequest request(KeyValue... ofResources) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (KeyValue attribute : ofResources) {
      request.mergeFrom(
          Otlp.spans(attribute, List.of(Span.getDefaultInstance(), Span.getDefaultInstance())));
    }
    return request
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(Span.getDefaultInstance())))
        .build();
  }

  private static WireBatch traces(VectorSchemaRoot wire) {
    int rows = wire.getRowCount();
    return new WireBatch(Table.TRACES, wire, new int[] {rows}, new long[] {7}, EventTime.DEFAULT);
  }

  @Test
  void serviceNameIsTheTextOfTheAttribute() {
    ExportTraceServiceRequest request =
        request(
            Otlp.attribute("service.name", "shop"),
            Otlp.attribute("service.name", AnyValue.newBuilder().setIntValue(42)),
            Otlp.attribute("service.namE", "no"),
            Otlp.attribute("service.name", AnyValue.newBuilder()),
            Otlp.attribute("service.name", ""));
    try (VectorSchemaRoot wire = SlowWire.of(request).load(allocator)) {
      WireBatch batch = traces(wire);
      assertThat(IntStream.range(0, batch.rows()).mapToObj(row -> name(batch, row)))
          .containsExactly("shop", "shop", "42", "42", null, null, null, null, "", "", null);
      assertThat(IntStream.range(0, batch.rows()).map(batch::resourceRun))
          .containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5);
    }
  }

  private static String name(WireBatch batch, int row) {
    byte[] name = batch.serviceName(row);
    return name == null ? null : new String(name, StandardCharsets.UTF_8);
  }

  @Test
  void shardFollowsFromTheServiceNameAloneForEver() {
    try (VectorSchemaRoot wire =
        SlowWire.of(
                request(
                    Otlp.attribute("service.name", "shop"),
                    Otlp.attribute("service.name", "cart"),
                    Otlp.attribute("service.name", "payment")))
            .load(allocator)) {
      WireBatch batch = traces(wire);
      assertThat(IntStream.of(0, 2, 4, 6).map(row -> batch.shard(row, 1000)))
          .containsExactly(673, 957, 693, 0);
      assertThat(IntStream.range(0, 7).map(row -> batch.shard(row, 1))).containsOnly(0);
    }
  }

  @Test
  void rowsHaveTheReceivedTimeOfTheirRange() {
    try (VectorSchemaRoot wire =
        SlowWire.of(request(Otlp.attribute("a", "b"), Otlp.attribute("c", "d"))).load(allocator)) {
      WireBatch batch =
          new WireBatch(
              Table.TRACES, wire, new int[] {1, 4, 5}, new long[] {10, 20, 30}, EventTime.DEFAULT);
      assertThat(IntStream.range(0, 5).mapToLong(batch::receivedMicros))
          .containsExactly(10L, 20L, 20L, 20L, 30L);
      assertThat(IntStream.range(0, 5).mapToLong(batch::timeMicros))
          .containsExactly(10L, 20L, 20L, 20L, 30L);
    }
  }

  @Test
  void rangesThatDoNotCoverTheRowsAreRefused() {
    try (VectorSchemaRoot wire = SlowWire.of(request(Otlp.attribute("a", "b"))).load(allocator)) {
      for (int[] ends : new int[][] {{}, {2}, {4}, {3, 3}, {2, 1, 3}, {0, 3}}) {
        assertThatThrownBy(
                () ->
                    new WireBatch(
                        Table.TRACES, wire, ends, new long[ends.length], EventTime.DEFAULT))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("3 rows in ranges");
      }
    }
  }

  @Test
  void rootOfAnotherTableIsRefused() {
    try (VectorSchemaRoot wire = SlowWire.of(request(Otlp.attribute("a", "b"))).load(allocator)) {
      assertThatThrownBy(
              () ->
                  new WireBatch(Table.LOGS, wire, new int[] {3}, new long[] {1}, EventTime.DEFAULT))
          .hasMessageStartingWith("cannot read rows of logs");
    }
  }

  @Test
  void metricNameIsTheRunsOwn() {
    Gauge gauge =
        Gauge.newBuilder()
            .addDataPoints(NumberDataPoint.newBuilder().setAsInt(1))
            .addDataPoints(NumberDataPoint.newBuilder().setAsInt(2))
            .build();
    ExportMetricsServiceRequest request =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(Metric.newBuilder().setName("a").setGauge(gauge))
                            .addMetrics(Metric.newBuilder().setName("bc").setGauge(gauge))))
            .build();
    try (VectorSchemaRoot wire = SlowWire.of(Table.METRICS_GAUGE, request).load(allocator)) {
      WireBatch batch =
          new WireBatch(
              Table.METRICS_GAUGE, wire, new int[] {4}, new long[] {1}, EventTime.DEFAULT);
      assertThat(
              IntStream.range(0, 4)
                  .mapToObj(row -> new String(batch.metricName(row), StandardCharsets.UTF_8)))
          .containsExactly("a", "a", "bc", "bc");
      assertThat(IntStream.range(0, 4).map(batch::metricRun)).containsExactly(0, 0, 1, 1);
    }
  }

  @Test
  void rowsLookedUpInAnyOrderFindTheirRun() {
    Runs runs = new Runs(new int[] {1, 3, 4, 10, 11});
    int[] rows = {10, 0, 9, 1, 2, 3, 4, 10, 0};
    int[] found = new int[rows.length];
    runs.of(rows, 0, rows.length, found);
    assertThat(found).containsExactly(4, 0, 3, 1, 1, 2, 3, 4, 0);
  }
}
