package io.sluice.bench.whole;

import io.grpc.TlsChannelCredentials;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.query.RowFilter;
import io.sluice.query.TableReader;
import io.sluice.query.Writers;
import io.sluice.query.replay.Replay;
import io.sluice.query.replay.ReplayOptions;
import io.sluice.query.replay.Target;
import io.sluice.query.replay.Totals;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** Replays of what a data directory holds, and what became of the rows elsewhere. */
final class Replayed implements AutoCloseable {

  private final BufferAllocator allocator = new RootAllocator();
  private final Lake lake;

  Replayed(Path data) throws Exception {
    lake = lake(data);
  }

  private static Lake lake(Path data) throws Exception {
    return Lake.open(
        LakeConfig.of(
            "jdbc:sqlite:" + data.resolve("catalog.db"), "file://" + data.resolve("warehouse")),
        Clock.systemUTC());
  }

  /** Of all tables, in small requests. */
  static ReplayOptions options(URI to, boolean http, double rate, @Nullable Path checkpoint) {
    return new ReplayOptions(
        "default",
        Table.all(),
        RowFilter.ALL,
        target(to, http, Map.of()),
        rate,
        40,
        1 << 20,
        3,
        Duration.ofSeconds(30),
        false,
        checkpoint);
  }

  static Target target(URI to, boolean http, Map<String, String> headers) {
    return new Target(to, http, TlsChannelCredentials.create(), null, headers, false);
  }

  Totals run(HostPort writer, ReplayOptions options) throws Exception {
    try (Writers writers = Writers.at(List.of(writer), allocator)) {
      TableReader tables = new TableReader(lake, writers, allocator, false);
      return new Replay(options, tables, allocator).run();
    }
  }

  /**
   * Rows that one has and the other has not, or more often, by table; empty if they are equal but
   * for when they came. Times that are not the event's are of the arrival.
   *
   * @param tenants of this one and of the other
   */
  static List<String> differences(Path one, String oneTenant, Path other, String otherTenant)
      throws Exception {
    List<String> differences = new ArrayList<>();
    try (Lake first = lake(one);
        Lake second = lake(other);
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      for (Table table : Table.all()) {
        String here = rows(first, oneTenant, table);
        String there = rows(second, otherTenant, table);
        if (here.isEmpty() || there.isEmpty()) {
          if (!here.equals(there)) {
            differences.add("%s: one of them has no files".formatted(table));
          }
          continue;
        }
        try (ResultSet rows =
            statement.executeQuery(
                "(SELECT 'lost' AS how, * FROM (%s EXCEPT ALL %s)) UNION ALL (SELECT 'made up', * FROM (%s EXCEPT ALL %s)) LIMIT 3"
                    .formatted(here, there, there, here))) {
          while (rows.next()) {
            StringBuilder row = new StringBuilder(table + ":");
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              row.append(' ').append(rows.getMetaData().getColumnName(i)).append('=');
              row.append(rows.getObject(i));
            }
            differences.add(row.toString());
          }
        }
      }
    }
    return differences;
  }

  private static String rows(Lake lake, String tenant, Table table) throws Exception {
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

  @Override
  public void close() {
    lake.close();
    allocator.close();
  }
}
