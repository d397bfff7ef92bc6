package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.s3.S3Config;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/** A lake in a temporary directory, with files written by Iceberg's own writer. */
final class TempLake {

  static final LocalDate DAY = LocalDate.of(2026, 11, 22);
  static final long NOON = DAY.atTime(12, 0).toEpochSecond(java.time.ZoneOffset.UTC) * 1_000_000;

  static LakeConfig config(Path directory) {
    return config(directory, 20);
  }

  static LakeConfig config(Path directory, int snapshotsKept) {
    return new LakeConfig(
        "jdbc:sqlite:" + directory.resolve("catalog.db"),
        "file://" + directory.resolve("warehouse"),
        Map.of(),
        snapshotsKept,
        Duration.ZERO,
        S3Config.AWS);
  }

  static Lake open(LakeConfig config) throws IOException {
    return Lake.open(
        config, Clock.systemUTC(), new ForcingFileIO(), UnrepeatingConnections::new, d -> {});
  }

  /** A file of one row for each trace id, at noon of {@link #DAY}. */
  static DataFile file(LakeTable table, String... traceIds) throws Exception {
    return named(table, UUID.randomUUID() + ".parquet", traceIds);
  }

  static DataFile named(LakeTable table, String name, String... traceIds) throws Exception {
    return on(DAY, table, name, traceIds);
  }

  /** At noon of another day. */
  static DataFile on(LocalDate day, LakeTable table, String name, String... traceIds)
      throws Exception {
    return on(
        day,
        table,
        name,
        Stream.of(traceIds).map(id -> Map.<String, Object>of("trace_id", id)).toList());
  }

  /** A file of rows with these values, at noon of {@link #DAY}. */
  static DataFile named(LakeTable table, String name, List<Map<String, Object>> rows)
      throws Exception {
    return on(DAY, table, name, rows);
  }

  private static DataFile on(
      LocalDate day, LakeTable table, String name, List<Map<String, Object>> rows)
      throws Exception {
    FileTarget target = table.target();
    String location = target.location(day, name);
    OutputFile out = target.io().newOutputFile(location);
    FileAppender<Record> appender =
        Parquet.write(out)
            .schema(target.schema())
            .createWriterFunc(type -> GenericParquetWriter.create(target.schema(), type))
            .build();
    try (appender) {
      for (Map<String, Object> values : rows) {
        Record row = GenericRecord.create(target.schema());
        row.setField("time", day.atTime(12, 0).atOffset(java.time.ZoneOffset.UTC));
        values.forEach(row::setField);
        appender.add(row);
      }
    }
    return DataFiles.builder(target.spec())
        .withPath(location)
        .withFormat(FileFormat.PARQUET)
        .withPartition(target.partition(day))
        .withFileSizeInBytes(appender.length())
        .withMetrics(appender.metrics())
        .withSortOrder(target.sortOrder())
        .build();
  }

  /** Commits a span whose trace id is the mark, which the table has for the log until then. */
  static void commit(Lake lake, UUID log, long mark) throws Exception {
    LakeTable table = lake.table("default", Table.TRACES);
    assertThat(
            table.commit(
                new LogRange(log, mark, mark + 1), List.of(file(table, Long.toString(mark)))))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  /** Every trace id in the table, read by Iceberg's own reader. */
  static List<String> traceIds(Lake lake) throws IOException {
    List<String> ids = new ArrayList<>();
    org.apache.iceberg.Table iceberg =
        lake.catalog().loadTable(TableIdentifier.of("default", Table.TRACES.tableName()));
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(iceberg).select("trace_id").build()) {
      rows.forEach(row -> ids.add((String) row.getField("trace_id")));
    }
    return ids.stream().sorted().toList();
  }

  private TempLake() {}
}
