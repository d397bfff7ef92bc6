package io.sluice.query;

import io.sluice.lake.TableSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * The rows of a snapshot as SQL over its Parquet files. Columns are found by Iceberg's field id, so
 * that a renamed one is found in older files and one that a file lacks is null; delete files are
 * honoured. What DuckDB could get wrong in silence fails by name.
 */
final class PersistedRows {

  private final String table;
  private final TableSnapshot snapshot;
  private final LocalCopies copies;
  private final Schema schema;
  private final List<Types.NestedField> columns;

  /**
   * Rows of a table.
   *
   * @param copies of what is not on this machine
   * @param columns what is selected, in this order; columns of the snapshot's schema
   */
  PersistedRows(
      String table, TableSnapshot snapshot, LocalCopies copies, List<Types.NestedField> columns) {
    this.table = table;
    this.snapshot = snapshot;
    this.copies = copies;
    this.schema = snapshot.schema();
    this.columns = List.copyOf(columns);
  }

  /** One SELECT for all files without deletes, and one for each file with any; none if no files. */
  List<String> selects(List<FileScanTask> files) throws ReadException {
    List<String> whole = new ArrayList<>();
    List<String> selects = new ArrayList<>();
    for (FileScanTask task : files) {
      String path = path(task.file());
      if (task.deletes().isEmpty()) {
        whole.add(path);
      } else {
        selects.add(withDeletes(task, path));
      }
    }
    if (!whole.isEmpty()) {
      selects.add(
          "SELECT %s FROM %s".formatted(names("", columns), parquet(whole, columns, false)));
    }
    return selects;
  }

  /** The same for one file without deletes; it is known to be Parquet. */
  String select(String location) throws ReadException {
    return "SELECT %s FROM %s"
        .formatted(names("", columns), parquet(List.of(path(location)), columns, false));
  }

  private String withDeletes(FileScanTask task, String path) throws ReadException {
    List<String> conditions = new ArrayList<>();
    Set<Types.NestedField> read = new LinkedHashSet<>(columns);
    List<String> positions = new ArrayList<>();
    for (DeleteFile delete : task.deletes()) {
      if (delete.content() == FileContent.POSITION_DELETES) {
        positions.add(path(delete));
      } else {
        List<Types.NestedField> keys = keys(delete);
        read.addAll(keys);
        conditions.add(notEqual(path(delete), keys));
      }
    }
    if (!positions.isEmpty()) {
      conditions.add(
          "d.file_row_number NOT IN (SELECT pos FROM read_parquet(%s, hive_partitioning=false) WHERE file_path = %s)"
              .formatted(SqlText.strings(positions), SqlText.string(task.file().location())));
    }
    return "SELECT %s FROM %s AS d WHERE %s"
        .formatted(
            names("d.", columns),
            parquet(List.of(path), List.copyOf(read), true),
            String.join(" AND ", conditions));
  }

  private String notEqual(String deletes, List<Types.NestedField> keys) throws ReadException {
    String same =
        keys.stream()
            .map(k -> SqlText.name(k.name()))
            .map(name -> "e.%s IS NOT DISTINCT FROM d.%s".formatted(name, name))
            .collect(Collectors.joining(" AND "));
    return "NOT EXISTS (SELECT 1 FROM %s AS e WHERE %s)"
        .formatted(parquet(List.of(deletes), keys, false), same);
  }

  private List<Types.NestedField> keys(DeleteFile delete) throws ReadException {
    List<Types.NestedField> keys = new ArrayList<>();
    for (int id : delete.equalityFieldIds()) {
      Types.NestedField top = schema.asStruct().field(id);
      if (top == null) {
        throw new ReadException(
            "cannot read table %s: %s deletes by field %d, which is nested or was dropped: not supported here (compact the table)"
                .formatted(table, delete.location(), id),
            null);
      }
      keys.add(top);
    }
    return keys;
  }

  /** DuckDB maps by field id what the schema argument lists, and gives it these names and types. */
  private static String parquet(
      List<String> paths, List<Types.NestedField> columns, boolean rowNumbers)
      throws ReadException {
    List<String> fields = new ArrayList<>();
    for (Types.NestedField column : columns) {
      fields.add(
          "%d: {name: %s, type: %s, default_value: NULL}"
              .formatted(
                  column.fieldId(),
                  SqlText.string(column.name()),
                  SqlText.string(SqlText.type(column.type()))));
    }
    return "read_parquet(%s, hive_partitioning=false, file_row_number=%s, schema=MAP {%s})"
        .formatted(SqlText.strings(paths), rowNumbers, String.join(", ", fields));
  }

  private static String names(String prefix, List<Types.NestedField> columns) {
    return columns.stream()
        .map(c -> prefix + SqlText.name(c.name()))
        .collect(Collectors.joining(", "));
  }

  /** What DuckDB opens. */
  private String path(ContentFile<?> file) throws ReadException {
    if (file.format() != FileFormat.PARQUET) {
      String what = file.format() == FileFormat.PUFFIN ? "a deletion vector" : "not Parquet";
      throw new ReadException(
          "cannot read table %s: %s is %s (%s): not supported here (use another engine, or compact the table)"
              .formatted(table, file.location(), what, file.format()),
          null);
    }
    return path(file.location());
  }

  /** Its globs are turned off, because a name is a name. */
  private String path(String location) throws ReadException {
    return copies.path(snapshot, table, location).replaceAll("([*?\\[])", "[$1]");
  }
}
