package io.sluice.bench.figures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The log against the disk below it, at the group size that the log came to by itself. */
final class LogFigure implements Figure {

  private static final int LARGEST_GROUP = 4 << 20;

  @Override
  public String name() {
    return "wal";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    try (DiskReference disk = new DiskReference(directory.resolve("reference"), LARGEST_GROUP)) {
      return List.of(
          measure(effort, directory.resolve("small"), disk, 16 << 10, 64, 0.7),
          measure(effort, directory.resolve("middle"), disk, 64 << 10, 32, 0.7),
          measure(effort, directory.resolve("large"), disk, 256 << 10, 64, 0.7));
    }
  }

  private static Ratio measure(
      Effort effort,
      Path directory,
      DiskReference disk,
      int recordBytes,
      int outstanding,
      double asked)
      throws IOException, InterruptedException {
    try (LogLoad log = new LogLoad(directory, recordBytes, outstanding)) {
      log.bytesPerSecond(effort.warmupSeconds());
      Rounds rounds = new Rounds();
      double groupBytes = 0;
      for (int i = 0; i < effort.rounds(); i++) {
        double ours = log.bytesPerSecond(effort.seconds());
        groupBytes = log.meanGroup();
        rounds.add(ours, disk.bytesPerSecond(wholeBlocks(groupBytes), effort.seconds()));
      }
      return Ratio.atLeast(
          String.format(
              Locale.ROOT,
              "WAL / disk, %d KiB x %d (groups of %.0f KiB)",
              recordBytes >> 10,
              outstanding,
              groupBytes / 1024),
          rounds.ratio(),
          asked,
          String.format(
              Locale.ROOT,
              "%.0f / %.0f MB/s; append to applied p50 %.1f ms, p99 %.1f ms",
              rounds.ours() / 1e6,
              rounds.reference() / 1e6,
              log.latencies().millis(0.5),
              log.latencies().millis(0.99)));
    }
  }

  private static int wholeBlocks(double bytes) {
    return (int) Math.max(4096, Math.min(LARGEST_GROUP, Math.round(bytes / 4096) * 4096));
  }
}
