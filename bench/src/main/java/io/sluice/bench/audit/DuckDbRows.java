package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * By DuckDB, on the Parquet files that the snapshot lists: of Sluice and of Iceberg, only the
 * metadata is read.
 */
public final class DuckDbRows implements FileRows {

  private static final int FILES_AT_ONCE = 64;

  @Override
  public long read(Table table, org.apache.iceberg.Table iceberg, Snapshot snapshot, RowKeys rows)
      throws IOException {
    Properties streaming = new Properties();
    streaming.setProperty("jdbc_stream_results", "true");
    List<String> files = files(iceberg, snapshot);
    long count = 0;
    for (int from = 0; from < files.size(); from += FILES_AT_ONCE) {
      List<String> some = files.subList(from, Math.min(files.size(), from + FILES_AT_ONCE));
      try (FetchedFiles here = FetchedFiles.of(iceberg.io(), some);
          Connection connection = DriverManager.getConnection("jdbc:duckdb:", streaming);
          Statement statement = connection.createStatement()) {
        try (ResultSet found = statement.executeQuery(sql(table, here.paths()))) {
          count += tell(table, found, rows);
        }
      } catch (SQLException e) {
        throw new IOException(
            "cannot read the files of %s: %s".formatted(table, e.getMessage()), e);
      }
    }
    return count;
  }

  private static long tell(Table table, ResultSet found, RowKeys rows) throws SQLException {
    long count = 0;
    for (; found.next(); count++) {
      Content content =
          new Content(found.getLong("at"), found.getString("service"), found.getString("name"));
      if (table == Table.TRACES) {
        rows.span(found.getString("trace_id"), found.getString("span_id"), content);
      } else {
        rows.keyed(table, found.getString("key"), content);
      }
    }
    return count;
  }

  private static String sql(Table table, List<String> files) {
    ReadColumns columns = ReadColumns.of(table);
    String keys =
        table == Table.TRACES
            ? "trace_id, span_id"
            : "attributes['%s'] AS key".formatted(RunKeys.ATTRIBUTE);
    return "SELECT %s, %s AS at, %s AS service, %s AS name FROM read_parquet(%s, hive_partitioning = false)"
        .formatted(
            keys,
            columns.time(),
            ReadColumns.SERVICE,
            columns.name(),
            files.stream()
                .map(file -> "'" + file.replace("'", "''") + "'")
                .collect(Collectors.joining(", ", "[", "]")));
  }

  private static List<String> files(org.apache.iceberg.Table iceberg, Snapshot snapshot)
      throws IOException {
    List<String> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        iceberg.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      for (FileScanTask task : tasks) {
        if (!task.deletes().isEmpty()) {
          throw new IOException("cannot audit: %s has delete files".formatted(iceberg.name()));
        }
        files.add(task.file().location());
      }
    }
    return files;
  }

  private record Content(long timeUnixNano, @Nullable String service, @Nullable String name)
      implements RowContent {}
}
