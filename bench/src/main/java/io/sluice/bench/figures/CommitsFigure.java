package io.sluice.bench.figures;

import com.google.protobuf.ByteString;
import io.sluice.lake.CommitOutcome;
import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LogRange;
import io.sluice.schema.table.Table;
import io.sluice.writer.parquet.ParquetTableWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;

/** Commits to one table, one file each: whether the last ones take longer than the first. */
final class CommitsFigure implements Figure {

  private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
  private static final UUID LOG = new UUID(7, 7);
  private static final int ROWS = 1_000;
  private static final int WINDOW = 100;
  private static final double SLOWER = 2;

  @Override
  public String name() {
    return "commits";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    LakeConfig given = effort.lake();
    LakeConfig config =
        given != null
            ? given
            : LakeConfig.of(
                "jdbc:sqlite:" + directory.resolve("catalog.db"),
                "file://" + directory.resolve("warehouse"));
    try (Lake lake = Lake.open(inTheirOwnTime(config), Clock.systemUTC())) {
      lake.ensureTables("default");
      LakeTable table = lake.table("default", Table.TRACES);
      List<Double> millis = new ArrayList<>();
      Sample sample = Sample.of(lake, table);
      for (int i = 0; i < effort.commits(); i++) {
        DataFile file = sample.copy(table.target(), i);
        long began = System.nanoTime();
        CommitOutcome outcome = table.commit(new LogRange(LOG, i, i + 1L), List.of(file));
        millis.add((System.nanoTime() - began) / 1e6);
        if (!(outcome instanceof CommitOutcome.Committed)) {
          throw new IOException("cannot commit: " + outcome);
        }
      }
      return List.of(ratio(config, millis, lake));
    }
  }

  /**
   * No snapshot of less than two minutes expires; commits that follow each other as fast as they
   * can would pile up thousands, which those of a Writer, seconds apart, never do.
   */
  private static LakeConfig inTheirOwnTime(LakeConfig config) {
    return new LakeConfig(
        config.catalogUri(),
        config.warehouse(),
        config.catalogProperties(),
        config.snapshotsKept(),
        Duration.ZERO,
        config.s3());
  }

  private static Ratio ratio(LakeConfig config, List<Double> millis, Lake lake) throws IOException {
    // Expiry comes every 20 commits: the first hundred have it, too.
    double early = median(millis, WINDOW);
    double late = median(millis, millis.size());
    BaseTable iceberg =
        (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
    String metadata = iceberg.operations().current().metadataFileLocation();
    return Ratio.atMost(
        String.format(
            Locale.ROOT, "commit at %,d / at %,d, median of %d", millis.size(), WINDOW, WINDOW),
        late / early,
        SLOWER,
        String.format(
            Locale.ROOT,
            "%.1f / %.1f ms (at 10: %.1f, at 1,000: %.1f; at most %.1f of the last), metadata %,d KiB,"
                + " %d snapshots, %d manifests, %,d files; %s",
            late,
            early,
            median(millis.subList(0, Math.min(millis.size(), 10)), 10),
            median(millis, Math.min(millis.size(), 1_000)),
            most(millis.subList(millis.size() - WINDOW, millis.size())),
            iceberg.io().newInputFile(metadata).getLength() >> 10,
            iceberg.operations().current().snapshots().size(),
            iceberg.currentSnapshot().allManifests(iceberg.io()).size(),
            files(iceberg),
            config.warehouse()));
  }

  private static long files(BaseTable iceberg) throws IOException {
    try (CloseableIterable<FileScanTask> tasks = iceberg.newScan().planFiles()) {
      long count = 0;
      for (FileScanTask ignored : tasks) {
        count++;
      }
      return count;
    }
  }

  /** Of the last hundred up to there. */
  private static double median(List<Double> millis, int to) {
    List<Double> some = millis.subList(Math.max(0, to - WINDOW), to);
    return some.stream().sorted().toList().get(some.size() / 2);
  }

  private static double most(List<Double> millis) {
    return millis.stream().max(Comparator.naturalOrder()).orElse(0.0);
  }

  /** A file that is written again under many names. */
  private record Sample(DataFile file, ByteString bytes) {

    static Sample of(Lake lake, LakeTable table) throws Exception {
      long noon = DAY.atTime(12, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000_000L;
      try (PlainWindows windows = new PlainWindows(Table.TRACES, 1, ROWS, noon);
          ParquetTableWriter writer =
              ParquetTableWriter.open(table.target(), DAY, "sample.parquet", ROWS, 1 << 20)) {
        writer.write(windows.roots().get(0));
        DataFile file = writer.finish();
        try (InputStream in = lake.io().newInputFile(file.location()).newStream()) {
          return new Sample(file, ByteString.readFrom(in));
        } finally {
          lake.io().deleteFile(file.location());
        }
      }
    }

    DataFile copy(FileTarget target, int number) throws IOException {
      String location = target.location(DAY, "commit-%d.parquet".formatted(number));
      try (OutputStream out = target.io().newOutputFile(location).create()) {
        bytes.writeTo(out);
      }
      return DataFiles.builder(target.spec()).copy(file).withPath(location).build();
    }
  }
}
