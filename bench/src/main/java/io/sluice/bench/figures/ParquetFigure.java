package io.sluice.bench.figures;

import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.table.Table;
import io.sluice.writer.parquet.ParquetTableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;

/**
 * The column writer against Iceberg's generic writer: each writes the same rows to a file of the
 * same table, from the form that it takes, which is made before the clock starts.
 */
final class ParquetFigure implements Figure {

  private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
  private static final int WINDOWS = 64; // no row comes twice: a dictionary would gain by it
  private static final long ROWS = (long) WINDOWS * ParquetTableWriter.WINDOW_ROWS;
  private static final long ROW_GROUP_BYTES = 128L << 20;

  private static final List<Table> TABLES =
      List.of(
          Table.TRACES,
          Table.LOGS,
          Table.METRICS_GAUGE,
          Table.METRICS_SUM,
          Table.METRICS_HISTOGRAM);

  private int files;

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    long noon = DAY.atTime(12, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000_000L + 123_456_789;
    LakeConfig config =
        LakeConfig.of(
            "jdbc:sqlite:" + directory.resolve("catalog.db"),
            "file://" + directory.resolve("warehouse"));
    List<Ratio> ratios = new ArrayList<>();
    try (Lake lake = Lake.open(config, Clock.systemUTC())) {
      lake.ensureTables("default");
      for (Table table : TABLES) {
        try (PlainWindows windows =
            new PlainWindows(table, WINDOWS, ParquetTableWriter.WINDOW_ROWS, noon)) {
          ratios.addAll(measure(effort, lake, table, windows.roots()));
        }
      }
    }
    return ratios;
  }

  private List<Ratio> measure(Effort effort, Lake lake, Table table, List<VectorSchemaRoot> windows)
      throws Exception {
    FileTarget target = lake.table("default", table).target();
    org.apache.iceberg.Table iceberg =
        lake.catalog().loadTable(TableIdentifier.of("default", table.tableName()));
    List<Record> records = new ArrayList<>();
    for (VectorSchemaRoot window : windows) {
      records.addAll(GenericRows.of(iceberg.schema(), window));
    }
    Stopwatch ours = new Stopwatch(() -> columns(target, windows));
    Stopwatch generic = new Stopwatch(() -> generic(target, iceberg, records));
    ours.perSecond(effort.warmupSeconds());
    generic.perSecond(effort.warmupSeconds());
    Rounds rounds = new Rounds();
    for (int i = 0; i < effort.rounds(); i++) {
      rounds.add(ours.perSecond(effort.seconds()), generic.perSecond(effort.seconds()));
    }
    long ourBytes = columns(target, windows);
    long genericBytes = generic(target, iceberg, records);
    return List.of(
        Ratio.atLeast(
            "Parquet, column writer / Iceberg's generic writer, " + table + ", ZSTD",
            rounds.ratio(),
            3,
            String.format(
                Locale.ROOT,
                "%,.0f / %,.0f rows/s, files of %,d rows, forced",
                rounds.ours() * ROWS,
                rounds.reference() * ROWS,
                ROWS)),
        Ratio.atMost(
            "Parquet, file bytes, column writer / generic, " + table,
            (double) ourBytes / genericBytes,
            1,
            String.format(
                Locale.ROOT,
                "%,d / %,d bytes, %.1f / %.1f a row",
                ourBytes,
                genericBytes,
                (double) ourBytes / ROWS,
                (double) genericBytes / ROWS)));
  }

  private long columns(FileTarget target, List<VectorSchemaRoot> windows) throws IOException {
    String name = "ours-" + files++ + ".parquet";
    try (ParquetTableWriter writer =
        ParquetTableWriter.open(target, DAY, name, ROWS, ROW_GROUP_BYTES)) {
      for (VectorSchemaRoot window : windows) {
        writer.write(window);
      }
      long bytes = writer.finish().fileSizeInBytes();
      target.io().deleteFile(writer.location());
      return bytes;
    }
  }

  private long generic(FileTarget target, org.apache.iceberg.Table table, List<Record> records)
      throws IOException {
    String location = target.location(DAY, "generic-" + files++ + ".parquet");
    FileAppender<Record> writer =
        Parquet.write(target.io().newOutputFile(location))
            .forTable(table)
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      writer.addAll(records);
    }
    long bytes = writer.length();
    target.io().deleteFile(location);
    return bytes;
  }
}
