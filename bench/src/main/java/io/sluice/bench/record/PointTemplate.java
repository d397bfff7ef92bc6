package io.sluice.bench.record;

import static io.sluice.bench.record.Vocabulary.text;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.sluice.schema.table.Table;
import java.util.List;
import java.util.random.RandomGenerator;

/** One data point of each kind; every fourth histogram point has an exemplar. */
final class PointTemplate {

  private static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };

  private final RandomGenerator random;
  private final long intervalStart;

  PointTemplate(RandomGenerator random, long intervalStart) {
    this.random = random;
    this.intervalStart = intervalStart;
  }

  void add(Table kind, Metric.Builder metric, int ordinal, List<KeyValue> attributes) {
    switch (kind) {
      case METRICS_GAUGE -> metric.getGaugeBuilder().addDataPoints(number(ordinal, attributes));
      case METRICS_SUM -> metric.getSumBuilder().addDataPoints(number(ordinal, attributes));
      case METRICS_HISTOGRAM ->
          metric.getHistogramBuilder().addDataPoints(histogram(ordinal, attributes));
      case METRICS_EXPONENTIAL_HISTOGRAM ->
          metric.getExponentialHistogramBuilder().addDataPoints(exponential(ordinal, attributes));
      case METRICS_SUMMARY ->
          metric.getSummaryBuilder().addDataPoints(summary(ordinal, attributes));
      case TRACES, LOGS, PROFILES ->
          throw new IllegalArgumentException("no data points in " + kind);
    }
  }

  private NumberDataPoint number(int ordinal, List<KeyValue> attributes) {
    NumberDataPoint.Builder point =
        NumberDataPoint.newBuilder()
            .setStartTimeUnixNano(intervalStart)
            .setTimeUnixNano(Slot.START.fixed64(ordinal))
            .addAllAttributes(attributes);
    return (random.nextBoolean()
            ? point.setAsInt(random.nextInt(1_000_000))
            : point.setAsDouble(random.nextDouble()))
        .build();
  }

  private HistogramDataPoint histogram(int ordinal, List<KeyValue> attributes) {
    HistogramDataPoint.Builder point =
        HistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(intervalStart)
            .setTimeUnixNano(Slot.START.fixed64(ordinal))
            .addAllAttributes(attributes);
    long count = 0;
    for (int i = 0; i <= BOUNDS.length; i++) {
      int inBucket = random.nextInt(50);
      count += inBucket;
      point.addBucketCounts(inBucket);
    }
    for (double bound : BOUNDS) {
      point.addExplicitBounds(bound);
    }
    if (ordinal % 4 == 0) {
      point.addExemplars(exemplar(ordinal));
    }
    return point.setCount(count).setSum(count * 0.0417).setMin(0.001).setMax(9.75).build();
  }

  private ExponentialHistogramDataPoint exponential(int ordinal, List<KeyValue> attributes) {
    ExponentialHistogramDataPoint.Builder point =
        ExponentialHistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(intervalStart)
            .setTimeUnixNano(Slot.START.fixed64(ordinal))
            .addAllAttributes(attributes)
            .setScale(3)
            .setZeroCount(random.nextInt(3));
    long count = point.getZeroCount();
    ExponentialHistogramDataPoint.Buckets.Builder positive = point.getPositiveBuilder();
    positive.setOffset(-12);
    for (int i = 0; i < 20; i++) {
      int inBucket = random.nextInt(30);
      count += inBucket;
      positive.addBucketCounts(inBucket);
    }
    if (ordinal % 4 == 0) {
      point.addExemplars(exemplar(ordinal));
    }
    return point.setCount(count).setSum(count * 0.3).setMin(0.02).setMax(3.5).build();
  }

  private SummaryDataPoint summary(int ordinal, List<KeyValue> attributes) {
    SummaryDataPoint.Builder point =
        SummaryDataPoint.newBuilder()
            .setStartTimeUnixNano(intervalStart)
            .setTimeUnixNano(Slot.START.fixed64(ordinal))
            .addAllAttributes(attributes)
            .setCount(1 + random.nextInt(1_000))
            .setSum(random.nextDouble() * 1e4);
    for (double quantile : new double[] {0.5, 0.9, 0.99}) {
      point.addQuantileValuesBuilder().setQuantile(quantile).setValue(quantile * 40);
    }
    return point.build();
  }

  private Exemplar exemplar(int ordinal) {
    return Exemplar.newBuilder()
        .setTimeUnixNano(Slot.START.fixed64(ordinal))
        .setTraceId(Slot.TRACE.bytes(ordinal))
        .setSpanId(Slot.SPAN.bytes(ordinal))
        .setAsDouble(random.nextDouble())
        .addFilteredAttributes(text("enduser.id", Slot.FRESH.text(ordinal)))
        .build();
  }
}
