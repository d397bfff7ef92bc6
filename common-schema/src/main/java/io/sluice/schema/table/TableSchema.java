package io.sluice.schema.table;

import static io.sluice.schema.table.Columns.concat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a row of a table is, but for its promoted columns ({@link Promotions}): the one source of
 * the Arrow schema that hot reads have, of the Iceberg schema, and of docs/schema.md.
 */
public final class TableSchema {

  private static final Map<Table, TableSchema> ALL = new EnumMap<>(Table.class);

  static {
    for (Table table : Table.all()) {
      ALL.put(table, new TableSchema(table, columns(table)));
    }
  }

  private final Table table;
  private final List<Column> columns;
  private final Schema arrow;

  private TableSchema(Table table, List<Column> columns) {
    this.table = table;
    this.columns = columns;
    this.arrow = ArrowForm.schema(columns);
  }

  public static TableSchema of(Table table) {
    return Objects.requireNonNull(ALL.get(table));
  }

  public Table table() {
    return table;
  }

  /** All columns, in order. */
  public List<Column> columns() {
    return columns;
  }

  boolean has(String name) {
    return columns.stream().anyMatch(column -> column.name().equals(name));
  }

  /** The Arrow schema of plain rows without promoted columns. */
  public Schema arrow() {
    return arrow;
  }

  /** The same for some columns, in the table's order. Unknown names are the caller's to reject. */
  public Schema arrow(Set<String> names) {
    return ArrowForm.schema(columns.stream().filter(c -> names.contains(c.name())).toList());
  }

  private static List<Column> columns(Table table) {
    List<Column> own =
        switch (table) {
          case TRACES -> TraceColumns.SPAN;
          case LOGS -> LogColumns.LOG_RECORD;
          case METRICS_GAUGE ->
              concat(
                  MetricColumns.METRIC,
                  MetricColumns.NUMBER,
                  List.of(MetricColumns.EXEMPLARS, MetricColumns.METRIC_RAW));
          case METRICS_SUM ->
              concat(
                  MetricColumns.METRIC,
                  List.of(MetricColumns.TEMPORALITY, MetricColumns.MONOTONIC),
                  MetricColumns.NUMBER,
                  List.of(MetricColumns.EXEMPLARS, MetricColumns.METRIC_RAW));
          case METRICS_HISTOGRAM ->
              concat(
                  MetricColumns.METRIC,
                  List.of(MetricColumns.TEMPORALITY),
                  MetricColumns.HISTOGRAM,
                  List.of(MetricColumns.EXEMPLARS, MetricColumns.METRIC_RAW));
          case METRICS_EXPONENTIAL_HISTOGRAM ->
              concat(
                  MetricColumns.METRIC,
                  List.of(MetricColumns.TEMPORALITY),
                  MetricColumns.EXPONENTIAL_HISTOGRAM,
                  List.of(MetricColumns.EXEMPLARS, MetricColumns.METRIC_RAW));
          case METRICS_SUMMARY ->
              concat(
                  MetricColumns.METRIC, MetricColumns.SUMMARY, List.of(MetricColumns.METRIC_RAW));
          case PROFILES -> ProfileColumns.PROFILE;
        };
    List<Column> raw =
        table == Table.PROFILES ? ProfileColumns.RECORD_RAW : CommonColumns.RECORD_RAW;
    return concat(
        CommonColumns.TIME,
        own,
        CommonColumns.ATTRIBUTES,
        CommonColumns.RESOURCE_AND_SCOPE,
        raw,
        CommonColumns.GROUP_RAW);
  }
}
