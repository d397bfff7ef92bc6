package io.sluice.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A consumer that remembers the ids and positions of what was applied, and can be waited for. */
final class Collector implements LogConsumer {
  private final List<Long> ids = new ArrayList<>();
  private final List<Long> positions = new ArrayList<>();

  @Override
  public synchronized void apply(LogRecord record) {
    ids.add(Records.checkedId(record));
    positions.add(record.position());
    notifyAll();
  }

  synchronized List<Long> ids() {
    return List.copyOf(ids);
  }

  synchronized List<Long> positions() {
    return List.copyOf(positions);
  }

  synchronized void awaitCount(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (ids.size() < count) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("only " + ids.size() + " of " + count + " records were applied");
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
