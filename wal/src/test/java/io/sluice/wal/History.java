package io.sluice.wal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What was applied, or called durable, by all processes of one log so far, and the judge of the
 * next one's replay: every such record is there, in its place, once.
 */
final class History {
  private final TreeMap<Long, Long> idByPosition = new TreeMap<>();
  private final Map<Long, Long> positionById = new HashMap<>();
  private final Set<Long> failedIds = new HashSet<>();
  private final Set<Long> durableIds = new HashSet<>();
  private long released;
  private long lastLogTime;
  private String violation;

  /** To go on from here in one of several ways. */
  synchronized History copy() {
    History copy = new History();
    copy.idByPosition.putAll(idByPosition);
    copy.positionById.putAll(positionById);
    copy.failedIds.addAll(failedIds);
    copy.released = released;
    copy.lastLogTime = lastLogTime;
    copy.violation = violation;
    return copy;
  }

  /** For one process. */
  LogConsumer consumer(long firstPosition) {
    return new LogConsumer() {
      private long last = firstPosition - 1;

      @Override
      public void apply(LogRecord record) {
        applied(record, last);
        last = record.position();
      }
    };
  }

  private synchronized void applied(LogRecord record, long last) {
    long id = Records.checkedId(record);
    long position = record.position();
    require(position == last + 1, "position %d was applied after %d", position, last);
    Long known = idByPosition.get(position);
    require(known == null || known == id, "position %d was %d, is %d", position, known, id);
    Long other = positionById.get(id);
    require(other == null || other == position, "id %d is at %d and %d", id, other, position);
    boolean fresh = known == null;
    require(
        !fresh || record.logTimeMicros() >= lastLogTime,
        "log time of %d went back to %d",
        position,
        record.logTimeMicros());
    lastLogTime = fresh ? record.logTimeMicros() : lastLogTime;
    idByPosition.put(position, id);
    positionById.put(id, position);
    notifyAll();
  }

  private void require(boolean holds, String what, Object... which) {
    if (!holds && violation == null) {
      violation = what.formatted(which);
    }
  }

  LogRecord.Attachment attachment(long id) {
    return new LogRecord.Attachment() {
      @Override
      public void durable() {
        synchronized (History.this) {
          require(durableIds.add(id), "id %d was called durable twice", id);
          require(!failedIds.contains(id), "id %d failed and was called durable", id);
          History.this.notifyAll();
        }
      }

      @Override
      public void failed(LogFailedException cause) {
        synchronized (History.this) {
          require(!positionById.containsKey(id), "id %d was applied and failed", id);
          require(!durableIds.contains(id), "id %d was called durable and failed", id);
          require(failedIds.add(id), "id %d failed twice", id);
          History.this.notifyAll();
        }
      }
    };
  }

  /**
   * True if it was applied or called durable; false if it failed, or {@code over} while nobody
   * knows.
   */
  synchronized boolean awaitOutcome(long id, BooleanSupplier over) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!isDurable(id) && !failedIds.contains(id) && !over.getAsBoolean()) {
      check();
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("append " + id + " was neither applied nor failed");
      }
      wait(10);
    }
    return isDurable(id);
  }

  /** False if {@code over} before it was. */
  synchronized boolean awaitApplied(long id, BooleanSupplier over) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!positionById.containsKey(id) && !over.getAsBoolean()) {
      check();
      if (System.nanoTime() > deadline) {
        throw new AssertionError("append " + id + " was called durable and is not applied");
      }
      wait(10);
    }
    return positionById.containsKey(id);
  }

  private boolean isDurable(long id) {
    return positionById.containsKey(id) || durableIds.contains(id);
  }

  /** Everything that was called durable has been applied since. */
  synchronized void checkDurable() {
    for (long id : durableIds) {
      require(positionById.containsKey(id), "id %d was called durable and is not there", id);
    }
    check();
  }

  synchronized int calledDurable() {
    return durableIds.size();
  }

  synchronized long lastPosition() {
    return idByPosition.isEmpty() ? 0 : idByPosition.lastKey();
  }

  synchronized void released(long upTo) {
    released = Math.max(released, upTo);
  }

  /** A log that starts here must still hold all that was not released. */
  synchronized void checkFirst(long firstPosition) {
    require(
        firstPosition <= released + 1, "log starts at %d, released %d", firstPosition, released);
    check();
  }

  synchronized void check() {
    if (violation != null) {
      throw new AssertionError(violation);
    }
  }

  synchronized int size() {
    return idByPosition.size();
  }
}
