package io.sluice.bench.figures;

import io.sluice.bench.load.Latencies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The log against the disk below it, at the group size that the log came to by itself. */
final class LogFigure implements Figure {

  private static final int LARGEST_GROUP = 4 << 20;
  private static final double OF_THE_DISK = 0.9;
  private static final double HALF = 0.5;
  private static final double FORCES = 3;

  /** Bytes of a message, and bytes of log a second, at half of what whole services take here. */
  private static final int MESSAGE = 256 << 10;

  private static final double SERVICE = 60e6;

  @Override
  public String name() {
    return "wal";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    try (DiskReference disk = new DiskReference(directory.resolve("reference"), LARGEST_GROUP)) {
      List<Ratio> ratios = new ArrayList<>();
      ratios.addAll(measure(effort, directory.resolve("small"), disk, 16 << 10, 64));
      ratios.addAll(measure(effort, directory.resolve("middle"), disk, 64 << 10, 32));
      ratios.addAll(measure(effort, directory.resolve("large"), disk, MESSAGE, 64));
      return ratios;
    }
  }

  private static List<Ratio> measure(
      Effort effort, Path directory, DiskReference disk, int recordBytes, int outstanding)
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
      Ratio fast =
          Ratio.atLeast(
              String.format(
                  Locale.ROOT,
                  "WAL / disk, %d KiB x %d (groups of %.0f KiB)",
                  recordBytes >> 10,
                  outstanding,
                  groupBytes / 1024),
              rounds.ratio(),
              OF_THE_DISK,
              String.format(
                  Locale.ROOT,
                  "%.0f / %.0f MB/s; append to applied p50 %.1f ms, p99 %.1f ms",
                  rounds.ours() / 1e6,
                  rounds.reference() / 1e6,
                  log.latencies().millis(0.5),
                  log.latencies().millis(0.99)));
      Ratio half = at("half load", effort, log, disk, recordBytes, HALF * rounds.ours());
      return recordBytes < MESSAGE
          ? List.of(fast, half)
          : List.of(fast, half, at("a service's half load", effort, log, disk, MESSAGE, SERVICE));
    }
  }

  /** An append may have to wait for the group before its own, and for its own. */
  private static Ratio at(
      String load, Effort effort, LogLoad log, DiskReference disk, int recordBytes, double rate)
      throws IOException, InterruptedException {
    Rounds slowest = new Rounds();
    Rounds usual = new Rounds();
    double groupBytes = 0;
    for (int i = 0; i < effort.rounds(); i++) {
      Latencies ours = log.latenciesAt(rate, effort.seconds());
      groupBytes = log.meanGroup();
      Latencies forces = disk.latencies(wholeBlocks(groupBytes), effort.seconds());
      slowest.add(ours.millis(0.99), forces.millis(0.99));
      usual.add(ours.millis(0.5), forces.millis(0.5));
    }
    return Ratio.atMost(
        String.format(
            Locale.ROOT,
            "append to applied, p99 / fdatasync, at %s, %d KiB (groups of %.0f KiB)",
            load,
            recordBytes >> 10,
            groupBytes / 1024),
        slowest.ours() / usual.reference(),
        FORCES,
        String.format(
            Locale.ROOT,
            "p99 %.2f, p50 %.2f ms at %.0f MB/s / a write and fdatasync of such a group p50 %.2f,"
                + " p99 %.2f ms",
            slowest.ours(),
            usual.ours(),
            rate / 1e6,
            usual.reference(),
            slowest.reference()));
  }

  private static int wholeBlocks(double bytes) {
    return (int) Math.max(4096, Math.min(LARGEST_GROUP, Math.round(bytes / 4096) * 4096));
  }
}
