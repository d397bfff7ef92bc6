package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.table.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A killed Writer's way back: its process from start until it has replayed a full log of real
 * batches, with all settings as they are by default but the log's budget, so that it persists
 * meanwhile what it must; against reading the same files. Both come from the disk: the segments
 * were written past the page cache. The JVM's own files, classes and libraries are cached.
 */
final class StartFigure implements Figure {

  private static final int ROUNDS = 3;

  /** Beyond it, one round tells enough, and the disk need not have room for the log twice. */
  private static final long LARGE = 2L << 30;

  private static final double LEAST = 0.3;

  /** The start of the JVM counts less there. */
  private static final double LEAST_OF_LARGE = 0.5;

  private static final Duration POLL = Duration.ofMillis(5);
  private static final double SECOND = 1e9;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    PutMessages.Put put = PutMessages.of(Signal.TRACES, 1, 1).get(0);
    FullLog full = FullLog.fill(directory, effort.logBytes());
    List<String> settings = List.of("--wal.max-bytes=" + FullLog.maxBytes(effort.logBytes()));
    Start empty = startOnEmptyLog(Files.createDirectory(directory.resolve("empty")), put);
    Rounds whole = new Rounds();
    Rounds replaying = new Rounds();
    List<Start> starts = new ArrayList<>();
    int rounds = effort.logBytes() > LARGE ? 1 : Math.min(ROUNDS, effort.rounds());
    for (int i = 0; i < rounds; i++) {
      full.restore(i == rounds - 1);
      double disk = DirectFiles.readBytesPerSecond(full.log());
      try (SluiceBox box = new SluiceBox(directory, settings)) {
        Start start = Start.of(box, put);
        starts.add(start);
        whole.add(full.bytes() / start.replayed(), disk);
        replaying.add(full.bytes() / (start.replayed() - empty.replayed()), disk);
        box.writer().kill();
      }
    }
    return rows(full.bytes(), empty, starts, whole, replaying);
  }

  private static List<Ratio> rows(
      long bytes, Start empty, List<Start> starts, Rounds whole, Rounds replaying) {
    return List.of(
        Ratio.atLeast(
            "replay: Writer from start to replayed / disk's sequential read",
            whole.ratio(),
            bytes > LARGE ? LEAST_OF_LARGE : LEAST,
            String.format(
                Locale.ROOT,
                "%.0f (log not cached, JVM and its files cached) / %.0f MB/s (O_DIRECT), %d MiB of"
                    + " all signals in %.1f s, %.1f s of CPU",
                whole.ours() / 1e6,
                whole.reference() / 1e6,
                bytes >> 20,
                median(starts, Start::replayed),
                median(starts, Start::cpu))),
        Ratio.plain(
            "the same without the time of a start on an empty log",
            replaying.ratio(),
            String.format(
                Locale.ROOT,
                "%.0f MB/s; a start on an empty log takes %.1f s, %.1f s of CPU",
                replaying.ours() / 1e6,
                empty.replayed(),
                empty.cpu())),
        Ratio.plain(
            "first hot rows after the start, s",
            median(starts, Start::read),
            String.format(Locale.ROOT, "of logs; with an empty log %.2f s", empty.read())),
        Ratio.plain(
            "first ack after the start, s",
            median(starts, Start::acked),
            String.format(Locale.ROOT, "with an empty log %.2f s", empty.acked())),
        Memory.writer(starts.stream().mapToLong(Start::peakBytes).max().orElse(0)));
  }

  private static double median(List<Start> starts, Function<Start, Double> what) {
    return Rounds.median(starts.stream().map(what).toList());
  }

  private static Start startOnEmptyLog(Path directory, PutMessages.Put put) throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      box.stop();
      return Start.of(box, put);
    }
  }

  /**
   * A start, in seconds from that of the process.
   *
   * @param cpu used until then
   * @param read the first rows of a hot read
   * @param acked the first put; both may be long before it has replayed
   * @param peakBytes of memory until it was replayed
   */
  private record Start(double replayed, double cpu, double read, double acked, long peakBytes) {

    static Start of(SluiceBox box, PutMessages.Put put) throws Exception {
      long began = System.nanoTime();
      box.writer().start();
      FirstAnswers first = FirstAnswers.of(box.flight(), put);
      awaitReplayed(box);
      double replayed = (System.nanoTime() - began) / SECOND;
      double cpu = box.writer().cpu().toNanos() / SECOND;
      return new Start(
          replayed,
          cpu,
          (first.readAt() - began) / SECOND,
          (first.ackedAt() - began) / SECOND,
          Memory.peak(box.writer()));
    }

    /** It answers long before that. */
    private static void awaitReplayed(SluiceBox box) throws Exception {
      try (BufferAllocator allocator = new RootAllocator();
          Writers writers = Writers.at(List.of(box.flight()), allocator)) {
        while (!isReplayed(box, writers)) {
          Thread.sleep(POLL.toMillis());
        }
      }
    }

    private static boolean isReplayed(SluiceBox box, Writers writers) throws Exception {
      try {
        return writers.status(box.flight()).waitsFor() == null;
      } catch (ReadException notYet) {
        box.writer().requireRunning();
        return false;
      }
    }
  }
}
