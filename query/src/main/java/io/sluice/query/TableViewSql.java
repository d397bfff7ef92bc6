package io.sluice.query;

import io.sluice.lake.IcebergSchema;
import io.sluice.lake.TableSnapshot;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.types.Types;

/**
 * A table of ours as SQL: hot rows first, so that their Writer does not wait for Parquet, then the
 * persisted ones. Columns are those of the snapshot's schema, in its order.
 */
final class TableViewSql {

  private final Table table;
  private final TableSnapshot snapshot;
  private final List<Types.NestedField> columns;

  TableViewSql(Table table, TableSnapshot snapshot, ColumnSet asked) {
    this.table = table;
    this.snapshot = snapshot;
    List<Types.NestedField> all = snapshot.schema().columns();
    List<Types.NestedField> some = all.stream().filter(c -> asked.has(c.name())).toList();
    this.columns = some.isEmpty() ? List.of(snapshot.schema().findField("time")) : some;
  }

  /**
   * Every row once.
   *
   * @param hot names of what DuckDB has of the hot rows
   * @param files the snapshot's
   * @param copies of those that are not on this machine
   */
  String rows(List<String> hot, List<FileScanTask> files, LocalCopies copies) throws ReadException {
    List<String> parts = new ArrayList<>();
    for (String name : hot) {
      parts.add("SELECT %s FROM %s".formatted(hotColumns(), SqlText.name(name)));
    }
    parts.addAll(new PersistedRows(table.tableName(), snapshot, copies, columns).selects(files));
    return parts.isEmpty() ? noRows() : String.join(" UNION ALL ", parts);
  }

  /** The rows of one file that has no deletes. */
  String file(String location, LocalCopies copies) throws ReadException {
    return new PersistedRows(table.tableName(), snapshot, copies, columns).select(location);
  }

  /**
   * The rows of a stream that was kept when the table may have had other promoted columns.
   *
   * @param fields the stream's
   */
  String kept(String name, Set<String> fields) throws ReadException {
    List<String> names = new ArrayList<>();
    for (Types.NestedField column : columns) {
      String own = SqlText.name(column.name());
      names.add(
          fields.contains(column.name())
              ? "CAST(%s AS %s) AS %s".formatted(own, SqlText.type(column.type()), own)
              : nothing(column));
    }
    return "SELECT %s FROM %s".formatted(String.join(", ", names), SqlText.name(name));
  }

  /** The columns and their types. */
  String noRows() throws ReadException {
    List<String> nulls = new ArrayList<>();
    for (Types.NestedField column : columns) {
      nulls.add(nothing(column));
    }
    return "SELECT " + String.join(", ", nulls) + " WHERE false";
  }

  /** What others added to the table, hot rows do not have. */
  private String hotColumns() throws ReadException {
    Types.StructType ours = IcebergSchema.of(table, snapshot.promotions()).asStruct();
    List<String> names = new ArrayList<>();
    for (Types.NestedField column : columns) {
      Types.NestedField own = ours.field(column.name());
      String name = SqlText.name(column.name());
      if (own == null) {
        names.add(nothing(column));
      } else if (SqlText.type(own.type()).equals(SqlText.type(column.type()))) {
        names.add(name);
      } else {
        names.add("CAST(%s AS %s) AS %s".formatted(name, SqlText.type(column.type()), name));
      }
    }
    return names.stream().collect(Collectors.joining(", "));
  }

  private static String nothing(Types.NestedField column) throws ReadException {
    return "CAST(NULL AS %s) AS %s"
        .formatted(SqlText.type(column.type()), SqlText.name(column.name()));
  }
}
