package io.sluice.schema.table;

import static io.sluice.schema.table.Column.filled;
import static io.sluice.schema.table.Column.list;
import static io.sluice.schema.table.Column.nullable;
import static io.sluice.schema.table.Column.required;
import static io.sluice.schema.table.Column.struct;
import static io.sluice.schema.table.ColumnType.Primitive.BINARY;
import static io.sluice.schema.table.ColumnType.Primitive.LONG;
import static io.sluice.schema.table.ColumnType.Primitive.STRING;
import static io.sluice.schema.table.ColumnType.Primitive.TIMESTAMP;

import java.util.List;

/** The columns that every table has. */
final class CommonColumns {

  static final ColumnType MAP = new ColumnType.StringMap();
  static final String TYPES =
      "one letter per entry of the map, in order: s string, i int, d double, b bool, y bytes,"
          + " j array or map as JSON, n empty value";
  static final String ALL_STRINGS = "all values are strings";

  static final List<Column> TIME =
      List.of(
          required("time", TIMESTAMP, "the event's time where plausible, else the arrival's"),
          nullable(
              "time_source",
              STRING,
              "where time is from, if not the event: observed or arrival",
              "time is the event's"),
          filled("ingest_time", TIMESTAMP, "when Sluice received the record"),
          nullable(
              "service_name",
              STRING,
              "the resource's attribute service.name",
              "the resource has none"));

  static final List<Column> ATTRIBUTES =
      List.of(
          filled("attributes", MAP, "the record's attributes, each key once"),
          nullable("attribute_types", STRING, TYPES, ALL_STRINGS),
          nullable(
              "dropped_attributes_count",
              LONG,
              "attributes the client dropped",
              "OTLP has no such field for this record"));

  static final List<Column> RESOURCE_AND_SCOPE =
      List.of(
          nullable("resource_attributes", MAP, "the resource's attributes", "no resource was sent"),
          nullable("resource_attribute_types", STRING, TYPES, ALL_STRINGS),
          nullable(
              "resource_dropped_attributes_count",
              LONG,
              "attributes the client dropped",
              "no resource was sent"),
          filled("resource_schema_url", STRING, "schema URL of the resource's group"),
          nullable(
              "resource_entity_refs",
              list(
                  struct(
                      filled("schema_url", STRING, "schema URL of the entity"),
                      filled("type", STRING, "the entity's type"),
                      filled("id_keys", list(STRING), "attribute keys that identify the entity"),
                      filled(
                          "description_keys",
                          list(STRING),
                          "attribute keys that describe the entity"))),
              "entities the resource's attributes refer to",
              "no resource was sent"),
          nullable("scope_name", STRING, "the instrumentation scope's name", "no scope was sent"),
          nullable("scope_version", STRING, "the scope's version", "no scope was sent"),
          nullable("scope_attributes", MAP, "the scope's attributes", "no scope was sent"),
          nullable("scope_attribute_types", STRING, TYPES, ALL_STRINGS),
          nullable(
              "scope_dropped_attributes_count",
              LONG,
              "attributes the client dropped",
              "no scope was sent"),
          filled("scope_schema_url", STRING, "schema URL of the scope's group"));

  static final List<Column> RECORD_RAW =
      List.of(
          nullable(
              "otlp_raw",
              BINARY,
              "the record's exact OTLP bytes (span, log record, data point)",
              "the columns give the record back exactly"));

  static final List<Column> GROUP_RAW =
      List.of(
          nullable(
              "resource_raw",
              BINARY,
              "the exact OTLP bytes of the resource's group without its scope groups",
              "the columns give the resource back exactly"),
          nullable(
              "scope_raw",
              BINARY,
              "the exact OTLP bytes of the scope's group without its records",
              "the columns give the scope back exactly"));

  private CommonColumns() {}
}
