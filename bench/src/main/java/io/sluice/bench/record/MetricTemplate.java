package io.sluice.bench.record;

import static io.sluice.bench.record.Vocabulary.number;
import static io.sluice.bench.record.Vocabulary.pick;
import static io.sluice.bench.record.Vocabulary.text;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Metrics of all five kinds, eight points each, as {@link Shape} divides the request. */
final class MetricTemplate {

  private static final int POINTS_PER_METRIC = 8;
  private static final int RESOURCES = 2;

  private final Words words;
  private final RandomGenerator random;
  private final Shape shape;
  private final PointTemplate points;

  MetricTemplate(Words words, int points, long epochNanos) {
    this.words = words;
    this.random = words.random();
    this.shape = new Shape(Signal.METRICS, points);
    this.points = new PointTemplate(random, epochNanos);
  }

  Template build() {
    List<ScopeMetrics.Builder> scopes = new ArrayList<>();
    for (int i = 0; i < RESOURCES; i++) {
      scopes.add(ScopeMetrics.newBuilder().setScope(Vocabulary.scope(random)));
    }
    int first = 0;
    for (int metric = 0; first < shape.records(); metric++) {
      Table kind = shape.table(first);
      int end = first;
      while (end < shape.records() && end < first + POINTS_PER_METRIC && shape.table(end) == kind) {
        end++;
      }
      scopes.get(metric % RESOURCES).addMetrics(metric(kind, metric, first, end));
      first = end;
    }
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    for (ScopeMetrics.Builder scope : scopes) {
      request.addResourceMetrics(
          ResourceMetrics.newBuilder()
              .setResource(Vocabulary.resource(words))
              .addScopeMetrics(scope));
    }
    return Template.of(shape, request.build());
  }

  private Metric metric(Table kind, int number, int first, int end) {
    Metric.Builder metric = Metric.newBuilder();
    AggregationTemporality cumulative = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    switch (kind) {
      case METRICS_GAUGE -> {
        metric.setName("shop.queue.depth." + number).setUnit("{item}");
        metric.getGaugeBuilder();
      }
      case METRICS_SUM -> {
        metric.setName("shop.orders." + number).setUnit("{order}").setDescription("Orders placed.");
        metric.getSumBuilder().setIsMonotonic(true).setAggregationTemporality(cumulative);
      }
      case METRICS_HISTOGRAM -> {
        metric.setName("http.server.request.duration").setUnit("s");
        metric.setDescription("Duration of HTTP server requests.");
        metric.getHistogramBuilder().setAggregationTemporality(cumulative);
      }
      case METRICS_EXPONENTIAL_HISTOGRAM -> {
        metric.setName("db.client.operation.duration").setUnit("s");
        metric.getExponentialHistogramBuilder().setAggregationTemporality(cumulative);
      }
      default -> {
        metric.setName("rpc.server.latency").setUnit("ms");
        metric.getSummaryBuilder();
      }
    }
    for (int i = first; i < end; i++) {
      points.add(kind, metric, i, attributes(i));
    }
    return metric.build();
  }

  private List<KeyValue> attributes(int ordinal) {
    return List.of(
        text(RunKeys.ATTRIBUTE, Slot.KEY.text(ordinal)),
        text("http.request.method", pick(Vocabulary.METHODS, random)),
        text("http.route", words.one(Vocabulary.ROUTES)),
        number("http.response.status_code", random.nextInt(20) == 0 ? 503 : 200));
  }
}
