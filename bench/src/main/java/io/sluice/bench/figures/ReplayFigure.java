package io.sluice.bench.figures;

import com.sun.nio.file.ExtendedOpenOption;
import io.sluice.wal.LocalLog;
import io.sluice.wal.WalConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A start on a log that nothing was released of: recovered, read, checked and handed to a consumer
 * that does nothing; against reading the same files past the page cache. Ours may come from the
 * page cache, as after a killed process; both figures say so.
 */
final class ReplayFigure implements Figure {

  private static final int RECORD_BYTES = 256 << 10;
  private static final int OUTSTANDING = 32;
  private static final int READ_BYTES = 1 << 20;

  @Override
  public String name() {
    return "replay";
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
      double disk = readPastCache(log);
      rounds.add(replay(log, records), disk);
    }
    return List.of(
        Ratio.atLeast(
            "replay of the log / disk's sequential read",
            rounds.ratio(),
            0.3,
            String.format(
                Locale.ROOT,
                "%.0f (page cache, without applying) / %.0f MB/s (O_DIRECT)",
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

  private static double readPastCache(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(".wal")).sorted().toList();
    }
    long began = System.nanoTime();
    long bytes = 0;
    for (Path file : files) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
        ByteBuffer block = ByteBuffer.allocateDirect(READ_BYTES + 4096).alignedSlice(4096);
        for (int n = channel.read(block); n > 0; n = channel.read(block)) {
          bytes += n;
          block.clear();
        }
      }
    }
    return bytes * 1e9 / (System.nanoTime() - began);
  }
}
