package io.sluice.bench.audit;

import io.sluice.lake.Lake;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Compares what two Sluices persisted, as multisets of rows, by DuckDB on the Parquet files of the
 * tables' current versions; nothing of Sluice's own reading takes part.
 */
public final class TableDifferences {

  private static final int MOST_TOLD = 3;

  /**
   * Rows that one has and the other has not, or more often, a few of each table; empty if they are
   * equal but for when they came. Times that are not the event's are of the arrival.
   *
   * @param here files on this machine
   * @param there the same
   */
  public static List<String> between(Lake here, String hereTenant, Lake there, String thereTenant)
      throws IOException, SQLException {
    List<String> differences = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      for (Table table : Table.all()) {
        String one = rows(here, hereTenant, table);
        String other = rows(there, thereTenant, table);
        if (one.isEmpty() || other.isEmpty()) {
          if (!one.equals(other)) {
            differences.add("%s: one of them has no files".formatted(table));
          }
          continue;
        }
        differences.addAll(told(table, "lost", one, other, statement));
        differences.addAll(told(table, "made up", other, one, statement));
      }
    }
    return differences;
  }

  private static List<String> told(
      Table table, String how, String rows, String without, Statement statement)
      throws SQLException {
    List<String> told = new ArrayList<>();
    try (ResultSet found =
        statement.executeQuery(
            "SELECT * FROM (%s EXCEPT ALL %s) LIMIT %d".formatted(rows, without, MOST_TOLD))) {
      while (found.next()) {
        StringBuilder row = new StringBuilder(table + ": " + how);
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.append(' ').append(found.getMetaData().getColumnName(i)).append('=');
          row.append(found.getObject(i));
        }
        told.add(row.toString());
      }
    }
    return told;
  }

  private static String rows(Lake lake, String tenant, Table table) throws IOException {
    org.apache.iceberg.Table iceberg =
        lake.catalog().loadTable(TableIdentifier.of(tenant, table.tableName()));
    List<String> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = iceberg.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file().location().substring("file://".length())));
    }
    return files.isEmpty()
        ? ""
        : "SELECT * EXCLUDE (ingest_time, time, time_source), CASE WHEN time_source IS NULL THEN time END AS time FROM read_parquet(%s, hive_partitioning=false)"
            .formatted(
                files.stream()
                    .map(file -> "'" + file + "'")
                    .collect(Collectors.joining(", ", "[", "]")));
  }

  private TableDifferences() {}
}
