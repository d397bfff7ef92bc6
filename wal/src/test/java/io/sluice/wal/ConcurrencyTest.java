package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many appenders, a cursor and releases at once, on the real file system. */
final class ConcurrencyTest {
  private static final int THREADS = 12;
  private static final int EACH = 300;

  @TempDir private Path directory;

  @Test
  void everyAppenderSeesItsRecordsAppliedInItsOwnOrder() throws Exception {
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    WalConfig config = new WalConfig(directory, 256 << 10, 64L << 20, 64 << 10, 4);
    Collector collector = new Collector();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    try (LocalLog log = LocalLog.open(config, fatal::complete)) {
      log.start(1, collector);
      LogCursor cursor = log.read(1);
      List<Future<?>> appenders = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        appenders.add(threads.submit(appender(log, thread)));
      }
      Future<List<Long>> read = threads.submit(() -> readAll(cursor, THREADS * EACH));
      for (Future<?> appender : appenders) {
        appender.get();
      }
      collector.awaitCount(THREADS * EACH);
      assertThat(read.get()).isEqualTo(collector.ids());
    } finally {
      threads.shutdownNow();
    }
    assertThat(fatal).isNotDone();
    assertInOrder(collector.ids());
    assertThat(WalVerify.verify(directory).findings()).isEmpty();
  }

  private static Callable<Void> appender(LocalLog log, int thread) {
    return () -> {
      byte[] stream = {(byte) (thread % 3)};
      for (int i = 0; i < EACH; i++) {
        long id = thread * 1_000_000L + i;
        log.append(Records.of(stream, id, i % 50 == 0 ? 60_000 : 16 + i * 7, null));
      }
      return null;
    };
  }

  private static List<Long> readAll(LogCursor cursor, int count) throws Exception {
    List<Long> ids = new ArrayList<>();
    try (cursor) {
      while (ids.size() < count) {
        LogRecord record = cursor.next();
        if (record == null) {
          Thread.onSpinWait();
        } else {
          ids.add(Records.checkedId(record));
        }
      }
    }
    return ids;
  }

  private static void assertInOrder(List<Long> ids) {
    Map<Long, Long> next = new HashMap<>();
    for (long id : ids) {
      long thread = id / 1_000_000;
      assertThat(id % 1_000_000).isEqualTo(next.merge(thread, 1L, Long::sum) - 1);
    }
    assertThat(next).hasSize(THREADS).allSatisfy((thread, n) -> assertThat(n).isEqualTo(EACH));
  }

  @Test
  void aPinnedSegmentIsNotUsedAnewUnderItsReader() throws Exception {
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    WalConfig config = new WalConfig(directory, 64 << 10, 16L << 20, 16 << 10, 4);
    Collector collector = new Collector();
    try (LocalLog log = LocalLog.open(config, fatal::complete)) {
      log.start(1, collector);
      append(log, 0, 200);
      collector.awaitCount(200);
      try (LogCursor cursor = log.read(1)) {
        LogRecord first = cursor.next();
        assertThat(first).isNotNull();
        log.release(200);
        append(log, 200, 600);
        collector.awaitCount(600);
        assertThat(log.firstPosition()).isEqualTo(1);
        List<Long> rest = new ArrayList<>(List.of(0L));
        for (LogRecord record = cursor.next(); record != null; record = cursor.next()) {
          rest.add(Records.checkedId(record));
        }
        assertThat(rest).isEqualTo(collector.ids());
      }
    }
    assertThat(fatal).isNotDone();
  }

  private static void append(LocalLog log, long from, long to) throws Exception {
    for (long id = from; id < to; id++) {
      log.append(Records.of(id, 1_000));
    }
  }
}
