package io.sluice.schema.wire;

import static io.sluice.schema.wire.WireFields.attributes;
import static io.sluice.schema.wire.WireFields.binary;
import static io.sluice.schema.wire.WireFields.bool;
import static io.sluice.schema.wire.WireFields.f64;
import static io.sluice.schema.wire.WireFields.i32;
import static io.sluice.schema.wire.WireFields.i64;
import static io.sluice.schema.wire.WireFields.list;
import static io.sluice.schema.wire.WireFields.nullable;
import static io.sluice.schema.wire.WireFields.runs;
import static io.sluice.schema.wire.WireFields.struct;
import static io.sluice.schema.wire.WireFields.u32;
import static io.sluice.schema.wire.WireFields.u64;
import static io.sluice.schema.wire.WireFields.utf8;

import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Arrow schema of a table's rows on their way from Acceptor to Writer and in the log (FORMATS,
 * DoPut): without what the Writer can derive, ids as their bytes, enums as their numbers, resource,
 * scope and metric once per run. Version 1; a change of any field is a new version.
 *
 * <pre>
 * resource  run_end_encoded(int32, struct: attributes? attribute_types? dropped_attributes_count?
 *           schema_url entity_refs? raw?)            attributes null = no resource was sent
 * scope     run_end_encoded(int32, struct: name? version? attributes? attribute_types?
 *           dropped_attributes_count? schema_url raw?)  attributes null = no scope was sent
 * metric    (metrics) run_end_encoded(int32, struct: name description unit metadata metadata_types?
 *           [aggregation_temporality [is_monotonic]] raw?)
 * dictionary (profiles) run_end_encoded(int32, struct: dictionary?)
 *                                                  the request's; null = none was sent
 * ...       the record's own fields, then attributes, attribute_types?, raw? (profiles: always)
 * </pre>
 */
public final class WireSchema {

  public static final int VERSION = 1;
  public static final String VERSION_KEY = "sluice.wire";
  public static final String TABLE_KEY = "sluice.table";

  private static final Map<Table, Schema> ALL = new EnumMap<>(Table.class);

  static {
    for (Table table : Table.all()) {
      ALL.put(
          table,
          new Schema(
              fields(table),
              Map.of(VERSION_KEY, Integer.toString(VERSION), TABLE_KEY, table.tableName())));
    }
  }

  public static Schema of(Table table) {
    return Objects.requireNonNull(ALL.get(table));
  }

  private static List<Field> fields(Table table) {
    List<Field> fields = new ArrayList<>();
    fields.add(
        runs(
            "resource",
            nullable(attributes("attributes")),
            nullable(utf8("attribute_types")),
            nullable(u32("dropped_attributes_count")),
            utf8("schema_url"),
            nullable(
                list(
                    "entity_refs",
                    struct(
                        "element",
                        utf8("schema_url"),
                        utf8("type"),
                        list("id_keys", utf8("element")),
                        list("description_keys", utf8("element"))))),
            nullable(binary("raw"))));
    fields.add(
        runs(
            "scope",
            nullable(utf8("name")),
            nullable(utf8("version")),
            nullable(attributes("attributes")),
            nullable(utf8("attribute_types")),
            nullable(u32("dropped_attributes_count")),
            utf8("schema_url"),
            nullable(binary("raw"))));
    fields.addAll(
        switch (table) {
          case TRACES -> span();
          case LOGS -> logRecord();
          case METRICS_GAUGE, METRICS_SUM -> number(table);
          case METRICS_HISTOGRAM -> histogram(table);
          case METRICS_EXPONENTIAL_HISTOGRAM -> exponentialHistogram(table);
          case METRICS_SUMMARY -> summary(table);
          case PROFILES -> profile();
        });
    fields.add(attributes("attributes"));
    fields.add(nullable(utf8("attribute_types")));
    fields.add(nullable(binary("raw")));
    return fields;
  }

  private static List<Field> span() {
    return List.of(
        binary("trace_id"),
        binary("span_id"),
        binary("parent_span_id"),
        utf8("trace_state"),
        u32("flags"),
        utf8("name"),
        i32("kind"),
        u64("start_time_unix_nano"),
        u64("end_time_unix_nano"),
        nullable(i32("status_code")),
        nullable(utf8("status_message")),
        list(
            "events",
            struct(
                "element",
                u64("time_unix_nano"),
                utf8("name"),
                attributes("attributes"),
                nullable(utf8("attribute_types")),
                u32("dropped_attributes_count"))),
        list(
            "links",
            struct(
                "element",
                binary("trace_id"),
                binary("span_id"),
                utf8("trace_state"),
                attributes("attributes"),
                nullable(utf8("attribute_types")),
                u32("dropped_attributes_count"),
                u32("flags"))),
        u32("dropped_attributes_count"),
        u32("dropped_events_count"),
        u32("dropped_links_count"));
  }

  private static List<Field> logRecord() {
    return List.of(
        u64("time_unix_nano"),
        u64("observed_time_unix_nano"),
        i32("severity_number"),
        utf8("severity_text"),
        nullable(utf8("body")),
        nullable(utf8("body_type")),
        binary("trace_id"),
        binary("span_id"),
        u32("flags"),
        utf8("event_name"),
        u32("dropped_attributes_count"));
  }

  private static List<Field> profile() {
    return List.of(
        runs("dictionary", nullable(binary("dictionary"))),
        binary("profile_id"),
        u64("time_unix_nano"),
        u64("duration_nano"),
        nullable(utf8("sample_type")),
        nullable(utf8("sample_unit")),
        nullable(utf8("period_type")),
        nullable(utf8("period_unit")),
        i64("period"),
        u32("sample_count"),
        utf8("original_payload_format"),
        binary("original_payload"),
        u32("dropped_attributes_count"));
  }

  private static List<Field> point(Table table, Field... own) {
    List<Field> metric =
        new ArrayList<>(
            List.of(
                utf8("name"),
                utf8("description"),
                utf8("unit"),
                attributes("metadata"),
                nullable(utf8("metadata_types"))));
    if (table != Table.METRICS_GAUGE && table != Table.METRICS_SUMMARY) {
      metric.add(i32("aggregation_temporality"));
    }
    if (table == Table.METRICS_SUM) {
      metric.add(bool("is_monotonic"));
    }
    metric.add(nullable(binary("raw")));
    List<Field> fields = new ArrayList<>();
    fields.add(runs("metric", metric.toArray(Field[]::new)));
    fields.add(u64("start_time_unix_nano"));
    fields.add(u64("time_unix_nano"));
    fields.add(u32("flags"));
    fields.addAll(List.of(own));
    return fields;
  }

  private static Field exemplars() {
    return list(
        "exemplars",
        struct(
            "element",
            u64("time_unix_nano"),
            binary("trace_id"),
            binary("span_id"),
            nullable(f64("value")),
            nullable(i64("value_int")),
            attributes("filtered_attributes"),
            nullable(utf8("filtered_attribute_types"))));
  }

  private static List<Field> number(Table table) {
    return point(table, nullable(f64("value")), nullable(i64("value_int")), exemplars());
  }

  private static List<Field> histogram(Table table) {
    return point(
        table,
        u64("count"),
        nullable(f64("sum")),
        nullable(f64("min")),
        nullable(f64("max")),
        list("bucket_counts", u64("element")),
        list("explicit_bounds", f64("element")),
        exemplars());
  }

  private static List<Field> exponentialHistogram(Table table) {
    return point(
        table,
        u64("count"),
        nullable(f64("sum")),
        nullable(f64("min")),
        nullable(f64("max")),
        i32("scale"),
        u64("zero_count"),
        f64("zero_threshold"),
        nullable(i32("positive_offset")),
        nullable(list("positive_bucket_counts", u64("element"))),
        nullable(i32("negative_offset")),
        nullable(list("negative_bucket_counts", u64("element"))),
        exemplars());
  }

  private static List<Field> summary(Table table) {
    return point(
        table,
        u64("count"),
        f64("sum"),
        list("quantile_values", struct("element", f64("quantile"), f64("value"))));
  }

  private WireSchema() {}
}
