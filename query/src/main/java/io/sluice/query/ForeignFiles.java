package io.sluice.query;

import io.sluice.lake.TableSnapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Looks into files that others wrote before DuckDB reads them: without field ids every column would
 * be null, and fields within structs are found by name only, so that a renamed one would be null.
 * Files of a Writer, told by their names, have been written against the table's own schema.
 */
final class ForeignFiles {

  private static final Pattern OURS =
      Pattern.compile(
          ".*/[0-9a-f-]{36}-\\d+-\\d+-\\d{4}-\\d\\d-\\d\\d-s\\d+-[0-9a-f-]{36}\\.parquet");

  /**
   * Looks at the footers.
   *
   * @throws ReadException a file that would be read wrong
   */
  static void check(
      Connection duckdb,
      String table,
      TableSnapshot snapshot,
      LocalCopies copies,
      List<String> locations)
      throws ReadException, SQLException {
    Schema schema = snapshot.schema();
    Map<String, String> foreign = new HashMap<>();
    for (String location : locations) {
      if (!OURS.matcher(location).matches()) {
        foreign.put(copies.path(snapshot, table, location), location);
      }
    }
    if (foreign.isEmpty()) {
      return;
    }
    Map<Integer, String> nested = nestedNames(schema);
    String time = Integer.toString(schema.findField("time").fieldId());
    String sql =
        "SELECT file_name, name, field_id FROM parquet_schema(%s) WHERE field_id IS NOT NULL"
            .formatted(
                SqlText.strings(
                    foreign.keySet().stream()
                        .map(path -> path.replaceAll("([*?\\[])", "[$1]"))
                        .toList()));
    try (Statement statement = duckdb.createStatement();
        ResultSet fields = statement.executeQuery(sql)) {
      Map<String, String> withoutTime = new HashMap<>(foreign);
      while (fields.next()) {
        String path = fields.getString(1);
        String name = fields.getString(2);
        if (fields.getString(3).equals(time)) {
          withoutTime.remove(path);
        }
        String expected = nested.get(fields.getInt(3));
        if (expected != null && !expected.equals(name)) {
          throw new ReadException(
              "cannot read table %s: %s calls a nested field %s that is now %s: not supported here (rewrite the file)"
                  .formatted(table, foreign.get(path), name, expected),
              null);
        }
      }
      if (!withoutTime.isEmpty()) {
        throw new ReadException(
            "cannot read table %s: %s has no Iceberg field ids: name mapping is not supported here (rewrite the file)"
                .formatted(table, withoutTime.values().iterator().next()),
            null);
      }
    }
  }

  /** The fields of structs, by id. */
  private static Map<Integer, String> nestedNames(Schema schema) {
    Map<Integer, String> names = new HashMap<>();
    org.apache.iceberg.types.TypeUtil.indexById(schema.asStruct())
        .forEach(
            (id, field) -> {
              if (schema.asStruct().field(id) == null && isStructField(schema, field)) {
                names.put(id, field.name());
              }
            });
    return names;
  }

  private static boolean isStructField(Schema schema, Types.NestedField field) {
    String full = schema.findColumnName(field.fieldId());
    String parent = full.substring(0, Math.max(0, full.length() - field.name().length() - 1));
    return !parent.isEmpty()
        && schema.findType(parent) != null
        && schema.findType(parent).isStructType();
  }

  private ForeignFiles() {}
}
