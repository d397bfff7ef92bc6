package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that is copied while it is written opens as after a power cut. */
@Timeout(120)
final class WalCopyTest {
  private static final long SEGMENT = 64 << 10;
  private static final int COPIES = 8;

  private static final long AHEAD = 100;

  @TempDir private Path directory;
  private final List<Throwable> fatal = new ArrayList<>();

  private WalConfig config(Path of) {
    return new WalConfig(of, SEGMENT, 4_000 * SEGMENT, 8 << 10, 4);
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
    try (var file = java.nio.channels.FileChannel.open(newest, StandardOpenOption.WRITE)) {
      file.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), SegmentHeader.BYTES + 900);
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
