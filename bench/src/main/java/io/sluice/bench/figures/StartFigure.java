package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.query.Writers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A killed Writer's way back: its process from start until it has replayed a full log of real
 * batches, with all settings as they are by default, so that it persists meanwhile what it must;
 * against reading the same files. Both come from the disk: the segments were written past the page
 * cache. The JVM's own files, classes and libraries are cached.
 */
final class StartFigure implements Figure {

  private static final int ROUNDS = 3;
  private static final Duration POLL = Duration.ofMillis(5);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    FullLog full = FullLog.fill(directory, effort.logBytes());
    double empty = startOnEmptyLog(Files.createDirectory(directory.resolve("empty")));
    Rounds rounds = new Rounds();
    for (int i = 0; i < Math.min(ROUNDS, effort.rounds()); i++) {
      full.restore();
      double disk = DirectFiles.readBytesPerSecond(full.log());
      try (SluiceBox box = new SluiceBox(directory, List.of())) {
        rounds.add(full.bytes() / secondsToReplayed(box), disk);
        box.writer().kill();
      }
    }
    double seconds = full.bytes() / rounds.ours();
    return List.of(
        Ratio.atLeast(
            "replay: Writer from start to replayed / disk's sequential read",
            rounds.ratio(),
            0.3,
            String.format(
                Locale.ROOT,
                "%.0f (log not cached, JVM and its files cached) / %.0f MB/s (O_DIRECT), %d MiB of"
                    + " spans in %.1f s",
                rounds.ours() / 1e6,
                rounds.reference() / 1e6,
                full.bytes() >> 20,
                seconds)),
        Ratio.plain(
            "the same without the time of a start on an empty log",
            full.bytes() / (seconds - empty) / rounds.reference(),
            String.format(
                Locale.ROOT,
                "%.0f MB/s; a start on an empty log takes %.1f s",
                full.bytes() / (seconds - empty) / 1e6,
                empty)));
  }

  private static double startOnEmptyLog(Path directory) throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      box.stop();
      return secondsToReplayed(box);
    }
  }

  /** It takes puts long before that. */
  private static double secondsToReplayed(SluiceBox box) throws Exception {
    long began = System.nanoTime();
    box.writer().startAgain();
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(box.flight()), allocator)) {
      while (writers.status(box.flight()).waitsFor() != null) {
        Thread.sleep(POLL.toMillis());
      }
    }
    return (System.nanoTime() - began) / 1e9;
  }
}
