package io.sluice.writer.persist;

import io.sluice.writer.buffer.TableKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Threads for tables, whatever logs their rows are of: so many at a time, one a table, first come
 * first. So a table's commits are serial. One that takes long does not count any more, so that a
 * call to the store that never returns holds up its own table and no other. While the Writer is
 * held no turn begins. There are no threads while there is nothing to do. The logs' pace threads
 * offer and begin.
 */
public final class PersistThreads implements AutoCloseable {

  private static final long LONG_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int MOST_LONG = 64;

  private final int atOnce;
  private final LongSupplier nanos;
  private final Holds holds;
  private final ThreadPoolExecutor pool;
  private final Map<TableKey, Begun> begun = new HashMap<>(); // guarded by this
  private final Map<Turn, Runnable> waiting = new LinkedHashMap<>(); // guarded by this

  private record Turn(Persister whose, TableKey table) {}

  private record Begun(Persister whose, long sinceNanos) {}

  /**
   * @param atOnce tables that are persisted at the same time
   * @param nanos a monotonic clock
   * @param holds of the Writer
   */
  public PersistThreads(int atOnce, LongSupplier nanos, Holds holds) {
    this.atOnce = atOnce;
    this.nanos = nanos;
    this.holds = holds;
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

  /** What keeps turns from beginning, and all else that changes what is in the tables. */
  Holds holds() {
    return holds;
  }

  /** A log's table waits for its turn from now on, unless it does already or has it. */
  synchronized void offer(Persister whose, TableKey table, Runnable turn) {
    Begun now = begun.get(table);
    if (now == null || now.whose != whose) {
      waiting.putIfAbsent(new Turn(whose, table), turn);
    }
  }

  /** Begins the turns that there is room for. */
  synchronized void begin() {
    Iterator<Map.Entry<Turn, Runnable>> oldest = waiting.entrySet().iterator();
    while (oldest.hasNext() && hasRoom()) {
      Map.Entry<Turn, Runnable> next = oldest.next();
      Turn turn = next.getKey();
      Runnable body = next.getValue();
      if (!begun.containsKey(turn.table)) {
        Holds.Change change = holds.change("a commit to " + turn.table);
        if (change == null) {
          return; // it waits on, and can be spilled
        }
        oldest.remove();
        begun.put(turn.table, new Begun(turn.whose, nanos.getAsLong()));
        pool.execute(() -> run(turn, body, change));
      }
    }
  }

  private boolean hasRoom() {
    long now = nanos.getAsLong();
    long atWork =
        begun.values().stream().filter(each -> now - each.sinceNanos < LONG_NANOS).count();
    return atWork < atOnce && begun.size() < atOnce + MOST_LONG;
  }

  private void run(Turn turn, Runnable body, Holds.Change change) {
    try (change) {
      body.run();
    } finally {
      synchronized (this) {
        begun.remove(turn.table);
        notifyAll();
      }
      turn.whose.signal();
    }
  }

  /**
   * Begins nothing of a log any more, and waits for what is under way.
   *
   * @return whether all of it has ended
   */
  synchronized boolean end(Persister whose, Duration wait) throws InterruptedException {
    waiting.keySet().removeIf(turn -> turn.whose == whose);
    long end = System.nanoTime() + wait.toNanos();
    while (begun.values().stream().anyMatch(each -> each.whose == whose)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** What is under way still may end. */
  @Override
  public void close() {
    pool.shutdown();
  }
}
