package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.sluice.schema.rows.EnumNames;
import io.sluice.schema.table.Table;
import java.io.IOException;

/** A row of a metric table to its metric, without points. */
final class Metrics {

  private static final int IN_SCOPE = 2;
  private static final int TAG_TYPE_BITS = 3;

  static Level metric(Table table, Cells row, int i, Attributes attributes) {
    if (!row.isNull("metric_raw", i)) {
      return ofRaw(table, row.bytes("metric_raw", i));
    }
    Metric metric =
        Metric.newBuilder()
            .setName(row.text("metric_name", i))
            .setDescription(row.text("description", i))
            .setUnit(row.text("unit", i))
            .addAllMetadata(attributes.of(row, "metadata", "metadata_types", i))
            .build();
    ByteString container = container(table, row, i).toByteString();
    return level(table, metric.toByteString(), container, ByteString.EMPTY);
  }

  private static Level level(
      Table table, ByteString before, ByteString container, ByteString after) {
    return new Level(IN_SCOPE, before, new Level(field(table), container), after);
  }

  private static int field(Table table) {
    return switch (table) {
      case METRICS_GAUGE -> Metric.GAUGE_FIELD_NUMBER;
      case METRICS_SUM -> Metric.SUM_FIELD_NUMBER;
      case METRICS_HISTOGRAM -> Metric.HISTOGRAM_FIELD_NUMBER;
      case METRICS_EXPONENTIAL_HISTOGRAM -> Metric.EXPONENTIAL_HISTOGRAM_FIELD_NUMBER;
      case METRICS_SUMMARY -> Metric.SUMMARY_FIELD_NUMBER;
      case TRACES, LOGS, PROFILES -> throw new IllegalArgumentException(table + " has no metrics");
    };
  }

  private static Message container(Table table, Cells row, int i) {
    return switch (table) {
      case METRICS_SUM ->
          Sum.newBuilder()
              .setAggregationTemporalityValue(temporality(row, i))
              .setIsMonotonic(row.flag("is_monotonic", i))
              .build();
      case METRICS_HISTOGRAM ->
          Histogram.newBuilder().setAggregationTemporalityValue(temporality(row, i)).build();
      case METRICS_EXPONENTIAL_HISTOGRAM ->
          ExponentialHistogram.newBuilder()
              .setAggregationTemporalityValue(temporality(row, i))
              .build();
      case METRICS_SUMMARY -> Summary.getDefaultInstance();
      default -> Gauge.getDefaultInstance();
    };
  }

  private static int temporality(Cells row, int i) {
    return row.enumNumber(EnumNames.TEMPORALITY, "aggregation_temporality", i);
  }

  /**
   * Takes the container of the points out of a raw metric, so that it is sent once: not every
   * receiver merges a second occurrence; its place stays, so that the metric is the same when it is
   * stored again. With several, the last is the one that counts.
   */
  private static Level ofRaw(Table table, ByteString raw) {
    try {
      CodedInputStream in = raw.newCodedInput();
      int containerTag = field(table) << TAG_TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED;
      int from = raw.size();
      int to = raw.size();
      ByteString container = ByteString.EMPTY;
      while (!in.isAtEnd()) {
        int start = in.getTotalBytesRead();
        int tag = in.readTag();
        if (tag == containerTag) {
          container = in.readBytes();
          from = start;
          to = in.getTotalBytesRead();
        } else {
          in.skipField(tag);
        }
      }
      return level(table, raw.substring(0, from), container, raw.substring(to));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read metric_raw of " + table, e);
    }
  }

  private Metrics() {}
}
