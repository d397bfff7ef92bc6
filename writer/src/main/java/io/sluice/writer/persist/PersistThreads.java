package io.sluice.writer.persist;

import io.sluice.writer.buffer.TableKey;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Threads for tables: so many at a time, one a table, first come first. One that takes long does
 * not count any more, so that a call to the store that never returns holds up its own table and no
 * other. There are no threads while there is nothing to do. The pace thread offers and begins.
 */
final class PersistThreads {

  private static final long LONG_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int MOST_LONG = 64;

  private final int atOnce;
  private final LongSupplier nanos;
  private final Runnable ended;
  private final ThreadPoolExecutor pool;
  private final Map<TableKey, Long> begun = new ConcurrentHashMap<>();
  private final Map<TableKey, Runnable> waiting = new LinkedHashMap<>();

  /**
   * @param ended called, quickly, when a table's turn is over
   */
  PersistThreads(int atOnce, LongSupplier nanos, Runnable ended) {
    this.atOnce = atOnce;
    this.nanos = nanos;
    this.ended = ended;
    this.pool =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            turn -> {
              Thread thread = new Thread(turn, "persist");
              thread.setDaemon(true); // one that is stuck does not keep the process
              return thread;
            });
  }

  /** The table waits for its turn from now on, unless it does already or has it. */
  void offer(TableKey table, Runnable turn) {
    if (!begun.containsKey(table)) {
      waiting.putIfAbsent(table, turn);
    }
  }

  /** Begins the turns that there is room for. */
  void begin() {
    Iterator<Map.Entry<TableKey, Runnable>> oldest = waiting.entrySet().iterator();
    while (oldest.hasNext() && hasRoom()) {
      Map.Entry<TableKey, Runnable> next = oldest.next();
      TableKey table = next.getKey();
      Runnable turn = next.getValue();
      oldest.remove();
      begun.put(table, nanos.getAsLong());
      pool.execute(() -> run(table, turn));
    }
  }

  private boolean hasRoom() {
    long now = nanos.getAsLong();
    long atWork = begun.values().stream().filter(since -> now - since < LONG_NANOS).count();
    return atWork < atOnce && begun.size() < atOnce + MOST_LONG;
  }

  private void run(TableKey table, Runnable turn) {
    try {
      turn.run();
    } finally {
      begun.remove(table);
      ended.run();
    }
  }

  /** Begins nothing any more, and waits for what is under way; whether all of it has ended. */
  boolean close(Duration wait) throws InterruptedException {
    pool.shutdown();
    return pool.awaitTermination(wait.toNanos(), TimeUnit.NANOSECONDS);
  }
}
