package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.query.WriterStatus;
import io.sluice.query.Writers;
import io.sluice.schema.table.Signal;
import io.sluice.wal.LocalLog;
import io.sluice.wal.WalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The data directory of a Writer that was killed when its log was full of real batches and nothing
 * of it was persisted; to be put back as often as it is asked for.
 */
final class FullLog {

  /** Nothing is persisted while it fills. */
  private static final List<String> NO_SEALS =
      List.of(
          "--seal.bytes=16GiB",
          "--seal.soon-bytes=16GiB",
          "--seal.late=12h",
          "--memory.max-bytes=16GiB");

  private static final int BATCH = 512;
  private static final int BYTES_PER_SPAN = 577;
  private static final int CONNECTIONS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long MAX_BYTES = 10L << 30;

  private final Path data;
  private final Path kept;
  private final long bytes;

  private FullLog(Path data, Path kept) throws IOException, InterruptedException {
    this.data = data;
    this.kept = kept;
    restore();
    this.bytes = payloadBytes(log());
  }

  /** Fills a log with about so many bytes of spans. */
  static FullLog fill(Path directory, long bytes) throws Exception {
    Path data;
    try (SluiceBox box = new SluiceBox(directory, NO_SEALS)) {
      box.start();
      data = box.data();
      new CheckedLoad(box).run(options(box, bytes));
      requireUnpersisted(box);
      box.writer().kill();
    }
    Path kept = directory.resolve("kept");
    Files.move(data, kept);
    return new FullLog(data, kept);
  }

  private static LoadOptions options(SluiceBox box, long bytes) {
    return new LoadOptions(
        Set.of(Signal.TRACES),
        0,
        PATIENCE,
        Math.max(1, bytes / (BATCH * BYTES_PER_SPAN)),
        CONNECTIONS,
        false,
        box.grpc(),
        1,
        1,
        BATCH,
        box.directory().resolve("acks"),
        false,
        Duration.ofSeconds(10),
        Duration.ofMinutes(1));
  }

  private static void requireUnpersisted(SluiceBox box) throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(box.flight()), allocator)) {
      WriterStatus status = writers.status(box.flight());
      if (status.tables().stream().anyMatch(table -> table.persistedPosition() > 0)) {
        throw new IOException("cannot measure: the Writer persisted meanwhile: " + status.json());
      }
    }
  }

  /** Puts the directory back. No segment is in the page cache then; all else may be. */
  void restore() throws IOException {
    if (Files.exists(data)) {
      Directories.delete(data);
    }
    List<Path> all;
    try (Stream<Path> below = Files.walk(kept)) {
      all = below.sorted().toList();
    }
    for (Path from : all) {
      Path to = data.resolve(kept.relativize(from));
      if (DirectFiles.isSegment(from)) {
        DirectFiles.copy(from, to);
      } else {
        Files.copy(from, to);
      }
    }
  }

  /** The log's directory. */
  Path log() {
    return data.resolve("writer").resolve("log-0");
  }

  /** Bytes of all batches in it. */
  long bytes() {
    return bytes;
  }

  private static long payloadBytes(Path log) throws IOException, InterruptedException {
    AtomicLong bytes = new AtomicLong();
    CountDownLatch whole = new CountDownLatch(1);
    try (LocalLog opened =
        LocalLog.open(
            WalConfig.of(log, MAX_BYTES),
            failure -> {
              throw new IllegalStateException("cannot read the full log", failure);
            })) {
      long last = opened.recoveredPosition();
      opened.start(
          1,
          record -> {
            bytes.addAndGet(record.payload().remaining());
            if (record.position() == last) {
              whole.countDown();
            }
          });
      if (!whole.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("cannot read the full log in " + PATIENCE);
      }
    }
    return bytes.get();
  }
}
