package io.sluice.schema.slow;

import com.google.protobuf.Message;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.util.List;

/** Data points as wire rows, but for the metric they belong to. */
final class SlowPoints {

  static SlowRow row(Message point) {
    SlowRow row = new SlowRow().with("raw", SlowGroups.raw(point));
    if (point instanceof NumberDataPoint p) {
      return number(row, p);
    }
    if (point instanceof HistogramDataPoint p) {
      return histogram(row, p);
    }
    return point instanceof ExponentialHistogramDataPoint p
        ? exponential(row, p)
        : summary(row, (SummaryDataPoint) point);
  }

  private static SlowRow number(SlowRow row, NumberDataPoint p) {
    return row.with("start_time_unix_nano", p.getStartTimeUnixNano())
        .with("time_unix_nano", p.getTimeUnixNano())
        .with("flags", p.getFlags())
        .with("value", p.hasAsDouble() ? p.getAsDouble() : null)
        .with("value_int", p.hasAsInt() ? p.getAsInt() : null)
        .with("exemplars", exemplars(p.getExemplarsList()))
        .withAttributes("attributes", "attribute_types", p.getAttributesList());
  }

  private static SlowRow histogram(SlowRow row, HistogramDataPoint p) {
    return row.with("start_time_unix_nano", p.getStartTimeUnixNano())
        .with("time_unix_nano", p.getTimeUnixNano())
        .with("flags", p.getFlags())
        .with("count", p.getCount())
        .with("sum", p.hasSum() ? p.getSum() : null)
        .with("min", p.hasMin() ? p.getMin() : null)
        .with("max", p.hasMax() ? p.getMax() : null)
        .with("bucket_counts", p.getBucketCountsList())
        .with("explicit_bounds", p.getExplicitBoundsList())
        .with("exemplars", exemplars(p.getExemplarsList()))
        .withAttributes("attributes", "attribute_types", p.getAttributesList());
  }

  private static SlowRow exponential(SlowRow row, ExponentialHistogramDataPoint p) {
    return row.with("start_time_unix_nano", p.getStartTimeUnixNano())
        .with("time_unix_nano", p.getTimeUnixNano())
        .with("flags", p.getFlags())
        .with("count", p.getCount())
        .with("sum", p.hasSum() ? p.getSum() : null)
        .with("min", p.hasMin() ? p.getMin() : null)
        .with("max", p.hasMax() ? p.getMax() : null)
        .with("scale", p.getScale())
        .with("zero_count", p.getZeroCount())
        .with("zero_threshold", p.getZeroThreshold())
        .with("positive_offset", p.hasPositive() ? p.getPositive().getOffset() : null)
        .with(
            "positive_bucket_counts",
            p.hasPositive() ? p.getPositive().getBucketCountsList() : null)
        .with("negative_offset", p.hasNegative() ? p.getNegative().getOffset() : null)
        .with(
            "negative_bucket_counts",
            p.hasNegative() ? p.getNegative().getBucketCountsList() : null)
        .with("exemplars", exemplars(p.getExemplarsList()))
        .withAttributes("attributes", "attribute_types", p.getAttributesList());
  }

  private static SlowRow summary(SlowRow row, SummaryDataPoint p) {
    return row.with("start_time_unix_nano", p.getStartTimeUnixNano())
        .with("time_unix_nano", p.getTimeUnixNano())
        .with("flags", p.getFlags())
        .with("count", p.getCount())
        .with("sum", p.getSum())
        .with(
            "quantile_values",
            p.getQuantileValuesList().stream()
                .map(
                    q ->
                        new SlowRow().with("quantile", q.getQuantile()).with("value", q.getValue()))
                .toList())
        .withAttributes("attributes", "attribute_types", p.getAttributesList());
  }

  private static List<SlowRow> exemplars(List<Exemplar> exemplars) {
    return exemplars.stream().map(SlowPoints::exemplar).toList();
  }

  private static SlowRow exemplar(Exemplar e) {
    return new SlowRow()
        .with("time_unix_nano", e.getTimeUnixNano())
        .with("trace_id", e.getTraceId())
        .with("span_id", e.getSpanId())
        .with("value", e.hasAsDouble() ? e.getAsDouble() : null)
        .with("value_int", e.hasAsInt() ? e.getAsInt() : null)
        .withAttributes(
            "filtered_attributes", "filtered_attribute_types", e.getFilteredAttributesList());
  }

  private SlowPoints() {}
}
