package io.sluice.bench.figures;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a log of three copies takes against one of one copy. All on one machine: three processes'
 * work on its cores, and each byte three times on its disk.
 */
final class CopiesFigure implements Figure {

  @Override
  public String name() {
    return "copies";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    return List.of(
        measure(effort, directory.resolve("small"), 16 << 10, 64),
        measure(effort, directory.resolve("middle"), 64 << 10, 32),
        measure(effort, directory.resolve("large"), 256 << 10, 64));
  }

  private static Ratio measure(Effort effort, Path directory, int recordBytes, int outstanding)
      throws Exception {
    try (LogLoad local = new LogLoad(directory.resolve("local"), recordBytes, outstanding);
        CopiedLog copied = new CopiedLog(directory.resolve("copied"), recordBytes, outstanding)) {
      local.bytesPerSecond(effort.warmupSeconds());
      copied.bytesPerSecond(effort.endToEndWarmupSeconds()); // Raft is much code to compile
      Rounds rounds = new Rounds();
      for (int i = 0; i < effort.rounds(); i++) {
        double copies = copied.bytesPerSecond(effort.seconds());
        rounds.add(copies, local.bytesPerSecond(effort.seconds()));
      }
      return Ratio.plain(
          String.format(
              Locale.ROOT,
              "acked by Raft of three / by a local log, %d KiB x %d",
              recordBytes >> 10,
              outstanding),
          rounds.ratio(),
          String.format(
              Locale.ROOT,
              "%.0f / %.0f MB/s; append to applied p50 %.1f / %.1f ms, p99 %.1f / %.1f ms",
              rounds.ours() / 1e6,
              rounds.reference() / 1e6,
              copied.latencies().millis(0.5),
              local.latencies().millis(0.5),
              copied.latencies().millis(0.99),
              local.latencies().millis(0.99)));
    }
  }
}
