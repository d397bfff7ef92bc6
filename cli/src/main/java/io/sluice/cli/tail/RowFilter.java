package io.sluice.cli.tail;

import io.sluice.cli.show.RecordRow;
import io.sluice.schema.table.Table;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are wanted: those that all of it is true of.
 *
 * @param service whose; null: all
 * @param severity at least; null: any. Spans that failed are of severity ERROR, others INFO
 * @param attributes of the record, its resource or its scope: all of these
 * @param text part of the body, name, status or an attribute's value, in any case; null: any
 */
public record RowFilter(
    @Nullable String service,
    @Nullable Severity severity,
    List<Wanted> attributes,
    @Nullable String text) {

  /**
   * An attribute that has to be there.
   *
   * @param value null: any
   */
  public record Wanted(String key, @Nullable String value) {}

  private static final List<String> MAPS =
      List.of("attributes", "resource_attributes", "scope_attributes");

  /** The columns in which a table's records have what people look for. */
  private static final List<String> TEXTS =
      List.of("body", "event_name", "name", "status_message", "metric_name", "sample_type");

  public RowFilter {
    attributes = List.copyOf(attributes);
    text = text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  /** What it looks at, besides what is shown in any case. */
  List<String> columns() {
    return attributes.isEmpty() ? List.of() : List.of("resource_attributes", "scope_attributes");
  }

  /** SQL for what may be wanted of a table from some time on, in the order of times. */
  public String select(Table table, List<String> columns, Instant from) {
    StringBuilder sql = new StringBuilder("SELECT ");
    sql.append(columns.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ")));
    sql.append(" FROM ").append(table.tableName());
    sql.append(" WHERE time >= TIMESTAMPTZ '").append(from).append('\'');
    if (service != null) {
      sql.append(" AND service_name = '").append(service.replace("'", "''")).append('\'');
    }
    if (severity != null && table == Table.LOGS) {
      sql.append(" AND severity_number >= ").append(severity.least());
    }
    return sql.append(" ORDER BY time").toString();
  }

  boolean takes(Table table, RecordRow row) {
    return (service == null || service.equals(row.text("service_name")))
        && (severity == null || isSevere(table, severity, row))
        && attributes.stream().allMatch(wanted -> has(row, wanted))
        && (text == null || says(row, text));
  }

  private static boolean isSevere(Table table, Severity least, RecordRow row) {
    return table == Table.TRACES
        ? row.text("status_code").equals("ERROR") || least.compareTo(Severity.INFO) <= 0
        : row.number("severity_number") >= least.least();
  }

  private static boolean has(RecordRow row, Wanted wanted) {
    return MAPS.stream()
        .map(row::map)
        .anyMatch(
            map ->
                wanted.value == null
                    ? map.containsKey(wanted.key)
                    : wanted.value.equals(map.get(wanted.key)));
  }

  private static boolean says(RecordRow row, String text) {
    return TEXTS.stream().anyMatch(column -> contains(row.text(column), text))
        || row.map("attributes").values().stream().anyMatch(value -> contains(value, text));
  }

  private static boolean contains(String in, String lowerCase) {
    return in.toLowerCase(Locale.ROOT).contains(lowerCase);
  }
}
