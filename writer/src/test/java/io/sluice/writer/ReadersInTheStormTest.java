package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.Lake;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several readers at once while rows come, are spilled, persisted and let go, the Writer is killed,
 * and others commit and delete files: each read has every row that was acked before it, none that
 * was not sent, none twice, or is an error. Rows are numbered in the order in which they are sent.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadersInTheStormTest {

  private static final int EVENTS = 60;
  private static final int ROWS = 700;

  /** So many rows a follower takes beyond those that were there, for as long as the storm lasts. */
  private static final int FOLLOWED = 10 * ROWS;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path data;

  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final AwayFiles files = new AwayFiles();
  private WriterService service;
  private StormClient client;
  private String grace;
  private volatile int port;
  private volatile int sent;
  private volatile int acked;
  private volatile boolean over;

  @ParameterizedTest
  @CsvSource({"1, 1ms", "2, 60s", "3, 1ms"})
  void eachReadIsWholeOrAnError(long seed, String readGrace) throws Exception {
    grace = readGrace;
    open();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Lake lake = lake()) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int reader = 0; reader < 3; reader++) {
        boolean late = reader == 1;
        boolean follows = reader == 2;
        readers.add(threads.submit(() -> readUntilOver(late, follows)));
      }
      storm(new SplittableRandom(seed), new StormCommits(lake));
      for (Future<Integer> reader : readers) {
        assertThat(whole(reader)).isPositive();
      }
      assertThat(sent).isEqualTo(acked).isPositive();
    } finally {
      over = true;
      threads.shutdownNow();
      client.close();
      service.close();
      allocator.close();
    }
    assertThat(died.get()).isNull();
  }

  private static int whole(Future<Integer> reader) throws Exception {
    try {
      return reader.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /**
   * At least one read each when all is quiet again; the sum of whole ones.
   *
   * @param late whether it reads with a snapshot that it loaded a read ago
   */
  private int readUntilOver(boolean late, boolean follows) throws Exception {
    int whole = 0;
    try (Lake lake = lake()) {
      Table earlier = StormRows.load(lake);
      boolean last;
      do {
        last = over;
        int before = acked;
        Table now = StormRows.load(lake);
        Table table = late && !last ? earlier : now;
        earlier = now;
        StormRows rows =
            StormRows.read(table, allocator, port, follows, () -> over ? acked : before + FOLLOWED);
        if (rows.refused() == null) {
          check(rows.numbers(), before, rows.refusedOnTheWay());
          whole++;
        } else {
          assertThat(last).as("refused when all is quiet: %s", rows.refused()).isFalse();
        }
      } while (!last);
    }
    return whole;
  }

  /** Puts are made one after the other, so whatever is there is all from the first to the last. */
  private void check(List<Integer> numbers, int before, boolean cut) {
    int after = sent;
    BitSet seen = new BitSet();
    numbers.forEach(seen::set);
    assertThat(numbers).as("none twice").hasSize(seen.cardinality());
    assertThat(seen.nextClearBit(0)).as("no gap").isEqualTo(seen.length());
    assertThat(seen.length()).as("only what was sent").isLessThanOrEqualTo(after);
    if (!cut) {
      assertThat(seen.length()).as("all that was acked").isGreaterThanOrEqualTo(before);
    }
  }

  private void storm(SplittableRandom random, StormCommits commits) throws Exception {
    for (int event = 0; event < EVENTS; event++) {
      switch (random.nextInt(12)) {
        case 0 -> files.away = !files.away;
        case 1, 2 -> flush();
        case 3 -> commits.property(event);
        case 4 -> commits.compact();
        case 5 -> commits.expire();
        case 6 -> reopen(random.nextBoolean());
        default -> put();
      }
    }
    files.away = false;
    while (sent > acked) {
      put();
    }
    flush();
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    over = true;
    do {
      put(); // who follows waits for it
    } while (sent > acked);
  }

  private void reopen(boolean withStore) throws Exception {
    if (withStore) {
      files.away = false;
    }
    client.close();
    service.abandon();
    open();
  }

  private void open() throws Exception {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--memory.max-bytes=4MiB",
            "--checkpoint.every=1ms",
            "--read.grace=" + grace,
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=256MiB");
    service =
        WriterService.open(
            WriterSettings.from(Settings.of(flags, Map.of(), data)),
            WriterEnvironment.withLakes(config -> Lake.open(config, Clock.systemUTC(), files)),
            (part, e) -> died.set(e));
    port = service.port();
    client = new StormClient(allocator, port);
  }

  /** Sends the next rows, or those again that were refused. */
  private void put() throws Exception {
    int first = acked;
    sent = first + ROWS;
    if (client.put(first, ROWS)) {
      acked = sent;
    }
  }

  private void flush() throws Exception {
    if (!files.away && service.replayed()) {
      client.action("flush");
    }
  }

  private Lake lake() throws Exception {
    return Lake.open(
        WriterSettings.from(Settings.of(List.of("--data=" + data), Map.of(), data)).lake(),
        Clock.systemUTC());
  }
}
