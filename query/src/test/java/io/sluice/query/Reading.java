package io.sluice.query;

import io.sluice.lake.CommitOutcome;
import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LogRange;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;

/** A real lake in a temporary directory, a fake Writer, and SQL over both. */
final class Reading implements AutoCloseable {

  static final LocalDate DAY = LocalDate.of(2026, 11, 22);
  static final Duration WAIT = Duration.ofSeconds(10);

  final BufferAllocator allocator = new RootAllocator();
  final FakeWriter writer;
  final Lake lake;
  final Writers writers;
  final SqlSession session;

  Reading(Path directory) throws Exception {
    this(directory, List.of());
  }

  /** With other places to look for Writers than that of the one there is. */
  Reading(Path directory, List<HostPort> addresses) throws Exception {
    this(
        LakeConfig.of(
            "jdbc:sqlite:" + directory.resolve("catalog.db"),
            "file://" + directory.resolve("warehouse")),
        addresses,
        directory.resolve("copies"));
  }

  Reading(LakeConfig config, List<HostPort> addresses, Path copies) throws Exception {
    writer = new FakeWriter(allocator);
    lake = Lake.open(config, Clock.systemUTC());
    writers = Writers.at(addresses.isEmpty() ? List.of(writer.address()) : addresses, allocator);
    session = SqlSession.open(allocator, copies);
  }

  TableReader reader() {
    return reader(false, new ManualClock());
  }

  TableReader reader(boolean allowPartial, ReadClock clock) {
    return new TableReader(lake, writers, allocator, allowPartial, WAIT, clock);
  }

  /** The result as CSV. */
  String csv(String sql) throws Exception {
    return text(ResultFormat.CSV, sql);
  }

  String text(ResultFormat format, String sql) throws Exception {
    StringBuilder out = new StringBuilder();
    try (SqlResult result = session.run(sql, reader(), "default")) {
      format.write(result, out);
    }
    return out.toString();
  }

  /** The one value of the one row. */
  String value(String sql) throws Exception {
    return csv(sql).lines().skip(1).reduce((a, b) -> a + "\n" + b).orElse("");
  }

  /** Commits rows as the Writer does: a file, and the log's mark. */
  void persist(Table table, long from, long to, List<Map<String, Object>> rows) throws Exception {
    persist(writer.log, table, from, to, rows);
  }

  /** The same of another log. */
  void persist(UUID log, Table table, long from, long to, List<Map<String, Object>> rows)
      throws Exception {
    LakeTable lakeTable = lake.table("default", table);
    DataFile file = file(lakeTable, lakeTable.target().schema(), rows);
    CommitOutcome outcome = lakeTable.commit(new LogRange(log, from, to), List.of(file));
    if (!(outcome instanceof CommitOutcome.Committed)) {
      throw new AssertionError(outcome);
    }
  }

  /**
   * A data file, written by Iceberg's own writer against a schema of the caller's choice;
   * uncompressed, because a compressor for each column costs more than all else of so small files.
   */
  DataFile file(LakeTable table, Schema schema, List<Map<String, Object>> rows) throws Exception {
    FileTarget target = table.target();
    String location = target.location(DAY, "foreign [a]*? '" + UUID.randomUUID() + ".parquet");
    FileAppender<Record> appender =
        Parquet.write(target.io().newOutputFile(location))
            .schema(schema)
            .set(TableProperties.PARQUET_COMPRESSION, "uncompressed")
            .createWriterFunc(type -> GenericParquetWriter.create(schema, type))
            .build();
    try (appender) {
      for (Map<String, Object> row : rows) {
        appender.add(TestRows.record(schema.asStruct(), row));
      }
    }
    return DataFiles.builder(target.spec())
        .withPath(location)
        .withFormat(FileFormat.PARQUET)
        .withPartition(target.partition(DAY))
        .withFileSizeInBytes(appender.length())
        .withMetrics(appender.metrics())
        .build();
  }

  org.apache.iceberg.Table iceberg(Table table) {
    return lake.catalog()
        .loadTable(org.apache.iceberg.catalog.TableIdentifier.of("default", table.tableName()));
  }

  @Override
  public void close() throws IOException {
    try (allocator;
        writer;
        lake;
        writers;
        session) {
      return;
    }
  }
}
