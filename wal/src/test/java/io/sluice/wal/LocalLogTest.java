package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalLogTest {
  private static final long SEGMENT = 64 << 10;

  @TempDir private Path directory;
  private final List<Throwable> fatal = new ArrayList<>();

  private WalConfig config() {
    return new WalConfig(directory, SEGMENT, 64 * SEGMENT, 16 << 10, 4);
  }

  private LocalLog open() throws IOException {
    return LocalLog.open(config(), fatal::add);
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private static void append(LocalLog log, long from, long to, int bytes) throws Exception {
    for (long id = from; id <= to; id++) {
      log.append(Records.of(id, bytes));
    }
  }

  @Test
  void appliesInOrderAndReplaysAfterReopening() throws Exception {
    Collector live = new Collector();
    LocalLog first = open();
    UUID id = first.id();
    try (LocalLog log = first) {
      log.start(1, live);
      append(log, 1, 500, 1_000);
      live.awaitCount(500);
    }
    assertThat(first.appliedPosition()).isEqualTo(500);
    assertThat(live.ids()).isEqualTo(upTo(500));
    assertThat(live.positions()).isEqualTo(upTo(500));

    Collector replayed = new Collector();
    try (LocalLog log = open()) {
      assertThat(log.id()).isEqualTo(id);
      append(log, 501, 510, 5_000);
      log.start(1, replayed);
      replayed.awaitCount(510);
    }
    assertThat(replayed.ids()).isEqualTo(upTo(510));
    assertThat(replayed.positions()).isEqualTo(upTo(510));
    assertThat(fatal).isEmpty();
  }

  @Test
  void replaysFromAPositionInTheMiddle() throws Exception {
    try (LocalLog log = open()) {
      append(log, 1, 300, 1_000);
    }
    Collector replayed = new Collector();
    LocalLog reopened = open();
    try (LocalLog log = reopened) {
      log.start(250, replayed);
      replayed.awaitCount(51);
    }
    assertThat(reopened.appliedPosition()).isEqualTo(300);
    assertThat(replayed.positions()).isEqualTo(upTo(300).subList(249, 300));
  }

  @Test
  void closeMakesDurableAndAppliesWhatWasTaken() throws Exception {
    Collector live = new Collector();
    LocalLog log = open();
    log.start(1, live);
    append(log, 1, 200, 3_000);
    log.close();
    assertThat(live.ids()).isEqualTo(upTo(200));
    assertThatThrownBy(() -> log.append(Records.of(201, 10)))
        .isInstanceOf(LogFailedException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void recordsLargerThanASegmentGetOneOfTheirOwn() throws Exception {
    Collector live = new Collector();
    try (LocalLog log = open()) {
      log.start(1, live);
      append(log, 1, 3, 100);
      append(log, 4, 5, 300_000);
      append(log, 6, 8, 100);
      live.awaitCount(8);
    }
    Collector replayed = new Collector();
    try (LocalLog log = open()) {
      log.start(1, replayed);
      replayed.awaitCount(8);
    }
    assertThat(replayed.ids()).isEqualTo(upTo(8));
  }

  @Test
  void releasedSegmentsAreUsedAnew() throws Exception {
    Collector live = new Collector();
    try (LocalLog log = open()) {
      log.start(1, live);
      int applied = 0;
      for (int round = 0; round < 40; round++) {
        append(log, applied + 1, applied + 100, 1_000);
        applied += 100;
        live.awaitCount(applied);
        log.release(applied - 100);
      }
      assertThat(log.firstPosition()).isGreaterThan(3_000);
      assertThat(log.usage().usedBytes() + log.usage().spareBytes())
          .isLessThanOrEqualTo(16 * SEGMENT);
      assertThatThrownBy(() -> log.read(1)).hasMessageContaining("starts at");
    }
    assertThat(live.ids()).isEqualTo(upTo(4_000));
  }

  @Test
  void cursorFollowsTheLogWhileItIsWritten() throws Exception {
    try (LocalLog log = open()) {
      Collector live = new Collector();
      log.start(1, live);
      append(log, 1, 100, 1_500);
      live.awaitCount(100);
      List<Long> read = new ArrayList<>();
      try (LogCursor cursor = log.read(11)) {
        for (LogRecord record = cursor.next(); record != null; record = cursor.next()) {
          read.add(Records.checkedId(record));
        }
        assertThat(read).isEqualTo(upTo(100).subList(10, 100));
        append(log, 101, 200, 1_500);
        live.awaitCount(200);
        for (LogRecord record = cursor.next(); record != null; record = cursor.next()) {
          read.add(Records.checkedId(record));
        }
        assertThat(read).isEqualTo(upTo(200).subList(10, 200));
      }
    }
  }

  @Test
  void secondStartOnTheSameDirectoryIsToldWhoHoldsIt() throws Exception {
    try (LocalLog log = open()) {
      assertThatThrownBy(this::open)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
      assertThat(log.usage().usedBytes()).isPositive();
    }
    open().close();
  }
}
