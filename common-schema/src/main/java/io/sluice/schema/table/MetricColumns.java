package io.sluice.schema.table;

import static io.sluice.schema.table.Column.filled;
import static io.sluice.schema.table.Column.list;
import static io.sluice.schema.table.Column.nullable;
import static io.sluice.schema.table.Column.struct;
import static io.sluice.schema.table.ColumnType.Primitive.BINARY;
import static io.sluice.schema.table.ColumnType.Primitive.BOOLEAN;
import static io.sluice.schema.table.ColumnType.Primitive.DOUBLE;
import static io.sluice.schema.table.ColumnType.Primitive.INT;
import static io.sluice.schema.table.ColumnType.Primitive.LONG;
import static io.sluice.schema.table.ColumnType.Primitive.STRING;
import static io.sluice.schema.table.CommonColumns.ALL_STRINGS;
import static io.sluice.schema.table.CommonColumns.MAP;
import static io.sluice.schema.table.CommonColumns.TYPES;

import java.util.List;

/** What the metric tables have of their own: opentelemetry.proto.metrics.v1, a row per point. */
final class MetricColumns {

  static final List<Column> METRIC =
      List.of(
          filled("metric_name", STRING, "the metric's name"),
          filled("description", STRING, "the metric's description"),
          filled("unit", STRING, "the metric's unit, UCUM"),
          filled("metadata", MAP, "the metric's metadata"),
          nullable("metadata_types", STRING, TYPES, ALL_STRINGS),
          filled("start_time_unix_nano", LONG, "start of the interval, exact, unsigned nanos"),
          filled("time_unix_nano", LONG, "the point's time, exact, unsigned nanos"),
          filled("flags", LONG, "data point flags, 32 bits; 1 = no recorded value"));

  static final Column TEMPORALITY =
      filled("aggregation_temporality", STRING, "UNSPECIFIED, DELTA, CUMULATIVE");
  static final Column MONOTONIC = filled("is_monotonic", BOOLEAN, "whether the sum only grows");

  static final Column EXEMPLARS =
      filled(
          "exemplars",
          list(
              struct(
                  filled("time_unix_nano", LONG, "exact, unsigned nanos"),
                  nullable("trace_id", STRING, "lower-case hex", "empty"),
                  nullable("span_id", STRING, "lower-case hex", "empty"),
                  nullable("value", DOUBLE, "the value", "none was sent"),
                  nullable("value_int", LONG, "the value, if sent as int", "sent as double"),
                  filled("filtered_attributes", MAP, "attributes the point does not have"),
                  nullable("filtered_attribute_types", STRING, TYPES, ALL_STRINGS))),
          "exemplars, in the order sent");

  static final List<Column> NUMBER =
      List.of(
          nullable("value", DOUBLE, "the value", "none was sent"),
          nullable("value_int", LONG, "the value, if sent as int", "sent as double, or none"));

  private static final Column COUNT = filled("count", LONG, "values in the population, unsigned");
  private static final List<Column> SUM_MIN_MAX =
      List.of(
          nullable("sum", DOUBLE, "sum of the values", "not sent"),
          nullable("min", DOUBLE, "least value", "not sent"),
          nullable("max", DOUBLE, "greatest value", "not sent"));

  static final List<Column> HISTOGRAM =
      Columns.concat(
          List.of(COUNT),
          SUM_MIN_MAX,
          List.of(
              filled("bucket_counts", list(LONG), "values per bucket, unsigned"),
              filled("explicit_bounds", list(DOUBLE), "upper bounds of the buckets but the last")));

  static final List<Column> EXPONENTIAL_HISTOGRAM =
      Columns.concat(
          List.of(COUNT),
          SUM_MIN_MAX,
          List.of(
              filled("scale", INT, "base = 2^(2^-scale)"),
              filled("zero_count", LONG, "values within the zero threshold, unsigned"),
              filled("zero_threshold", DOUBLE, "width of the zero bucket"),
              nullable("positive_offset", INT, "index of the first positive bucket", "no buckets"),
              nullable("positive_bucket_counts", list(LONG), "counts, unsigned", "no buckets"),
              nullable("negative_offset", INT, "index of the first negative bucket", "no buckets"),
              nullable("negative_bucket_counts", list(LONG), "counts, unsigned", "no buckets")));

  static final List<Column> SUMMARY =
      List.of(
          COUNT,
          filled("sum", DOUBLE, "sum of the values"),
          filled(
              "quantile_values",
              list(
                  struct(
                      filled("quantile", DOUBLE, "0.0 to 1.0"),
                      filled("value", DOUBLE, "the value at it"))),
              "quantiles, in the order sent"));

  static final Column METRIC_RAW =
      nullable(
          "metric_raw",
          BINARY,
          "the exact OTLP bytes of the metric without its points",
          "the columns give the metric back exactly");

  private MetricColumns() {}
}
