package io.sluice.query;

import io.sluice.schema.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a table are read.
 *
 * @param from the earliest {@code time}; null: whatever it is
 * @param until the first {@code time} that is too late; null: whatever it is
 * @param where a condition of SQL over the table's columns; null: none
 */
public record RowFilter(@Nullable Instant from, @Nullable Instant until, @Nullable String where) {

  /** All of them. */
  public static final RowFilter ALL = new RowFilter(null, null, null);

  /** A statement for these rows. */
  String sql(Table table, List<String> columns) {
    List<String> conditions = new ArrayList<>();
    if (from != null) {
      conditions.add("time >= TIMESTAMPTZ '" + from + "'");
    }
    if (until != null) {
      conditions.add("time < TIMESTAMPTZ '" + until + "'");
    }
    if (where != null) {
      conditions.add("(" + where + "\n)"); // it may end in a comment
    }
    return "SELECT %s FROM %s%s"
        .formatted(
            String.join(", ", columns.stream().map(SqlText::name).toList()),
            SqlText.name(table.tableName()),
            conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
  }
}
