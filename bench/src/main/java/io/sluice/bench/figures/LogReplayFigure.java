package io.sluice.bench.figures;

import io.sluice.wal.LocalLog;
import io.sluice.wal.WalConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log's own part of a replay: recovered, read, checked and handed to a consumer that does
 * nothing; against reading the same files past the page cache. Ours comes from the page cache, as
 * after a killed process. What a whole Writer makes of a log is {@link StartFigure}'s.
 */
final class LogReplayFigure implements Figure {

  private static final int RECORD_BYTES = 256 << 10;
  private static final int OUTSTANDING = 32;

  @Override
  public String name() {
    return "log-replay";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    Path log = directory.resolve("log");
    long records;
    try (LogLoad load = LogLoad.keeping(log, RECORD_BYTES, OUTSTANDING)) {
      load.bytesPerSecond(Math.min(effort.seconds(), 2));
      records = load.appended();
    }
    Rounds rounds = new Rounds();
    for (int i = 0; i < Math.min(3, effort.rounds()); i++) {
      double disk = DirectFiles.readBytesPerSecond(log);
      rounds.add(replay(log, records), disk);
    }
    return List.of(
        Ratio.atLeast(
            "log alone: read, checked, handed over, nothing applied / disk's sequential read",
            rounds.ratio(),
            0.3,
            String.format(
                Locale.ROOT,
                "%.0f (all in the page cache) / %.0f MB/s (O_DIRECT)",
                rounds.ours() / 1e6,
                rounds.reference() / 1e6)));
  }

  private static double replay(Path directory, long records)
      throws IOException, InterruptedException {
    AtomicLong bytes = new AtomicLong();
    CountDownLatch left = new CountDownLatch(Math.toIntExact(records));
    long began = System.nanoTime();
    try (LocalLog log =
        LocalLog.open(
            WalConfig.of(directory, LogLoad.MAX_BYTES),
            failure -> {
              throw new IllegalStateException("cannot replay", failure);
            })) {
      log.start(
          1,
          record -> {
            bytes.addAndGet(record.payload().remaining());
            left.countDown();
          });
      left.await();
      return bytes.get() * 1e9 / (System.nanoTime() - began);
    }
  }
}
