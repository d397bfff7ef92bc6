package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that is copied while it is written opens as after a power cut. */
@Timeout(120)
final class WalCopyTest {
  private static final long SEGMENT = 64 << 10;
  private static final int COPIES = 8;

  private static final int LARGE = 100_000;
  private static final int SLOW_READS = 3;
  private static final long AHEAD = 100;

  @TempDir private Path directory;
  private final List<Throwable> fatal = new ArrayList<>();

  private WalConfig config(Path of) {
    return config(of, SEGMENT);
  }

  private static WalConfig config(Path of, long segment) {
    return new WalConfig(of, segment, 256 << 20, 8 << 10, 4);
  }

  private Path log() {
    return directory.resolve("log");
  }

  @Test
  void allThatWasAckedBeforeIsInTheCopyHoweverFastItIsWritten() throws Exception {
    Collector applied = new Collector();
    AtomicBoolean ends = new AtomicBoolean();
    AtomicLong appended = new AtomicLong();
    try (LocalLog log = LocalLog.open(config(log()), fatal::add)) {
      log.start(1, applied);
      Thread writing =
          new Thread(
              () -> {
                try {
                  while (!ends.get()) {
                    if (appended.get() - log.appliedPosition() < AHEAD) { // else the log is full
                      log.append(Records.of(appended.incrementAndGet(), 700));
                    }
                  }
                } catch (LogFullException | LogFailedException e) {
                  fatal.add(e);
                }
              });
      writing.start();
      try {
        for (int i = 0; i < COPIES; i++) {
          applied.awaitCount(100 * (i + 1));
          long acked = log.promisedPosition();
          WalCopy.Report report = WalCopy.copy(log(), directory.resolve("copy-" + i));
          assertThat(report.lastPosition()).isGreaterThanOrEqualTo(acked);
          assertThat(report.lastPosition()).isLessThanOrEqualTo(appended.get());
        }
      } finally {
        ends.set(true);
        writing.join();
      }
    }
    assertThat(fatal).isEmpty();
    for (int i = 0; i < COPIES; i++) {
      assertWhole(directory.resolve("copy-" + i));
    }
  }

  /** A copy of its bytes has what came later behind a gap, which is damage. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsWrittenWhileTheNewestSegmentIsReadLeavesNoGap(boolean isCopied) throws Exception {
    Collector applied = new Collector();
    AtomicLong appended = new AtomicLong();
    AtomicInteger slow = new AtomicInteger();
    WatchedStorage watched = new WatchedStorage(FileStorage.create(log()));
    try (LocalLog log = LocalLog.open(config(log(), 8 << 20), fatal::add)) {
      log.start(1, applied);
      append(log, 3, appended, applied);
      watched.afterRead =
          bytes -> {
            boolean begun = Files.exists(directory.resolve("copy/" + SegmentName.live(1)));
            if (bytes >= LARGE && begun == isCopied && slow.incrementAndGet() <= SLOW_READS) {
              append(log, 16, appended, applied); // more than was read
            }
          };
      WalCopy.Report report = WalCopy.copy(watched, FileStorage.create(directory.resolve("copy")));
      assertThat(report.lastPosition()).isBetween(3L, appended.get());
      assertThat(slow.get()).isPositive();
    }
    assertWhole(directory.resolve("copy"));
  }

  private static void append(LocalLog log, int records, AtomicLong ids, Collector applied) {
    try {
      for (int i = 0; i < records; i++) {
        log.append(Records.of(ids.incrementAndGet(), LARGE));
        applied.awaitCount(Math.toIntExact(ids.get())); // forced, each by itself
      }
    } catch (LogFullException | LogFailedException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertWhole(Path copy) throws Exception {
    WalVerify.Report report = WalVerify.verify(copy);
    assertThat(report.findings()).isEmpty();
    Collector applied = new Collector();
    try (LocalLog log = LocalLog.open(config(copy), fatal::add)) {
      log.start(1, applied);
      long last = log.recoveredPosition();
      assertThat(last).isEqualTo(report.records());
      log.append(Records.of(last + 1, 10));
      applied.awaitCount((int) last + 1);
    }
    assertThat(fatal).isEmpty();
  }

  @Test
  void aLogThatIsClosedIsCopiedAsItIs() throws Exception {
    write(500);
    WalCopy.Report report = WalCopy.copy(log(), directory.resolve("copy"));
    assertThat(report.lastPosition()).isEqualTo(500);
    assertThat(report.segments()).isGreaterThan(3);
    assertWhole(directory.resolve("copy"));
  }

  @Test
  void whatWasReleasedIsNotInTheCopy() throws Exception {
    Collector applied = new Collector();
    try (LocalLog log = LocalLog.open(config(log()), fatal::add)) {
      log.start(1, applied);
      for (long id = 1; id <= 500; id++) {
        log.append(Records.of(id, 700));
      }
      applied.awaitCount(500);
      log.release(400);
      while (log.firstPosition() < 300) {
        Thread.onSpinWait();
      }
      WalCopy.copy(log(), directory.resolve("copy"));
    }
    try (LocalLog log = LocalLog.open(config(directory.resolve("copy")), fatal::add)) {
      assertThat(log.firstPosition()).isGreaterThan(1);
      assertThat(log.recoveredPosition()).isEqualTo(500);
    }
  }

  @Test
  void damageIsSaidAndNotCopied() throws Exception {
    write(500);
    Path newest = newest();
    try (var file = FileChannel.open(newest, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), SegmentHeader.BYTES + 900);
    }
    assertThatThrownBy(() -> WalCopy.copy(log(), directory.resolve("copy")))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(newest.getFileName().toString());
  }

  @Test
  void nothingIsCopiedOverWhatIsThere() throws Exception {
    write(10);
    Path copy = directory.resolve("copy");
    WalCopy.copy(log(), copy);
    assertThatThrownBy(() -> WalCopy.copy(log(), copy))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is not empty");
  }

  /** The newest with records. */
  private Path newest() throws IOException {
    try (var files = Files.list(log())) {
      return files
          .filter(file -> file.toString().endsWith(".wal"))
          .sorted()
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  private void write(int records) throws Exception {
    Collector applied = new Collector();
    try (LocalLog log = LocalLog.open(config(log()), fatal::add)) {
      log.start(1, applied);
      for (long id = 1; id <= records; id++) {
        log.append(Records.of(id, 700));
      }
      applied.awaitCount(records);
    }
    assertThat(fatal).isEmpty();
  }
}
