package io.sluice.schema.otlp;

import com.google.protobuf.Message;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.complex.ListVector;

/** A row of a metric table to its data point. */
final class Points {

  static Message point(Table table, Cells row, int i, Attributes attributes) {
    return switch (table) {
      case METRICS_GAUGE, METRICS_SUM -> number(row, i, attributes);
      case METRICS_HISTOGRAM -> histogram(row, i, attributes);
      case METRICS_EXPONENTIAL_HISTOGRAM -> exponentialHistogram(row, i, attributes);
      case METRICS_SUMMARY -> summary(row, i, attributes);
      case TRACES, LOGS, PROFILES ->
          throw new IllegalArgumentException(table + " has no data points");
    };
  }

  private static NumberDataPoint number(Cells row, int i, Attributes attributes) {
    NumberDataPoint.Builder point =
        NumberDataPoint.newBuilder()
            .setStartTimeUnixNano(row.number("start_time_unix_nano", i))
            .setTimeUnixNano(row.number("time_unix_nano", i))
            .setFlags(row.unsigned("flags", i))
            .addAllExemplars(exemplars(row, i, attributes))
            .addAllAttributes(attributes.of(row, "attributes", "attribute_types", i));
    if (!row.isNull("value_int", i)) {
      point.setAsInt(row.number("value_int", i));
    } else if (!row.isNull("value", i)) {
      point.setAsDouble(row.real("value", i));
    }
    return point.build();
  }

  private static HistogramDataPoint histogram(Cells row, int i, Attributes attributes) {
    HistogramDataPoint.Builder point =
        HistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(row.number("start_time_unix_nano", i))
            .setTimeUnixNano(row.number("time_unix_nano", i))
            .setFlags(row.unsigned("flags", i))
            .setCount(row.number("count", i))
            .addAllBucketCounts(longs(row, "bucket_counts", i))
            .addAllExplicitBounds(doubles(row, "explicit_bounds", i))
            .addAllExemplars(exemplars(row, i, attributes))
            .addAllAttributes(attributes.of(row, "attributes", "attribute_types", i));
    if (!row.isNull("sum", i)) {
      point.setSum(row.real("sum", i));
    }
    if (!row.isNull("min", i)) {
      point.setMin(row.real("min", i));
    }
    if (!row.isNull("max", i)) {
      point.setMax(row.real("max", i));
    }
    return point.build();
  }

  private static ExponentialHistogramDataPoint exponentialHistogram(
      Cells row, int i, Attributes attributes) {
    ExponentialHistogramDataPoint.Builder point =
        ExponentialHistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(row.number("start_time_unix_nano", i))
            .setTimeUnixNano(row.number("time_unix_nano", i))
            .setFlags(row.unsigned("flags", i))
            .setCount(row.number("count", i))
            .setScale(row.integer("scale", i))
            .setZeroCount(row.number("zero_count", i))
            .setZeroThreshold(row.real("zero_threshold", i))
            .addAllExemplars(exemplars(row, i, attributes))
            .addAllAttributes(attributes.of(row, "attributes", "attribute_types", i));
    if (!row.isNull("sum", i)) {
      point.setSum(row.real("sum", i));
    }
    if (!row.isNull("min", i)) {
      point.setMin(row.real("min", i));
    }
    if (!row.isNull("max", i)) {
      point.setMax(row.real("max", i));
    }
    if (!row.isNull("positive_offset", i)) {
      point.setPositive(buckets(row, "positive", i));
    }
    if (!row.isNull("negative_offset", i)) {
      point.setNegative(buckets(row, "negative", i));
    }
    return point.build();
  }

  private static ExponentialHistogramDataPoint.Buckets buckets(Cells row, String side, int i) {
    return ExponentialHistogramDataPoint.Buckets.newBuilder()
        .setOffset(row.integer(side + "_offset", i))
        .addAllBucketCounts(longs(row, side + "_bucket_counts", i))
        .build();
  }

  private static SummaryDataPoint summary(Cells row, int i, Attributes attributes) {
    SummaryDataPoint.Builder point =
        SummaryDataPoint.newBuilder()
            .setStartTimeUnixNano(row.number("start_time_unix_nano", i))
            .setTimeUnixNano(row.number("time_unix_nano", i))
            .setFlags(row.unsigned("flags", i))
            .setCount(row.number("count", i))
            .setSum(row.real("sum", i))
            .addAllAttributes(attributes.of(row, "attributes", "attribute_types", i));
    ListVector quantiles = row.list("quantile_values");
    Cells quantile = Cells.ofElements(quantiles);
    for (int e = quantiles.getElementStartIndex(i); e < quantiles.getElementEndIndex(i); e++) {
      point.addQuantileValues(
          SummaryDataPoint.ValueAtQuantile.newBuilder()
              .setQuantile(quantile.real("quantile", e))
              .setValue(quantile.real("value", e)));
    }
    return point.build();
  }

  private static List<Exemplar> exemplars(Cells row, int i, Attributes attributes) {
    ListVector list = row.list("exemplars");
    Cells cells = Cells.ofElements(list);
    List<Exemplar> exemplars = new ArrayList<>();
    for (int e = list.getElementStartIndex(i); e < list.getElementEndIndex(i); e++) {
      Exemplar.Builder exemplar =
          Exemplar.newBuilder()
              .setTimeUnixNano(cells.number("time_unix_nano", e))
              .setTraceId(cells.id("trace_id", e))
              .setSpanId(cells.id("span_id", e))
              .addAllFilteredAttributes(
                  attributes.of(cells, "filtered_attributes", "filtered_attribute_types", e));
      if (!cells.isNull("value_int", e)) {
        exemplar.setAsInt(cells.number("value_int", e));
      } else if (!cells.isNull("value", e)) {
        exemplar.setAsDouble(cells.real("value", e));
      }
      exemplars.add(exemplar.build());
    }
    return exemplars;
  }

  private static List<Long> longs(Cells row, String name, int i) {
    ListVector list = row.list(name);
    BigIntVector elements = (BigIntVector) list.getDataVector();
    List<Long> values = new ArrayList<>();
    for (int e = list.getElementStartIndex(i); e < list.getElementEndIndex(i); e++) {
      values.add(elements.get(e));
    }
    return values;
  }

  private static List<Double> doubles(Cells row, String name, int i) {
    ListVector list = row.list(name);
    Float8Vector elements = (Float8Vector) list.getDataVector();
    List<Double> values = new ArrayList<>();
    for (int e = list.getElementStartIndex(i); e < list.getElementEndIndex(i); e++) {
      values.add(elements.get(e));
    }
    return values;
  }

  private Points() {}
}
