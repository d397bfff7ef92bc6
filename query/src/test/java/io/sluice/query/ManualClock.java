package io.sluice.query;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Time that passes in pauses alone, and what happens at some moments of it. */
final class ManualClock implements ReadClock {

  interface Event {
    void happens() throws Exception;
  }

  private final TreeMap<Long, Event> events = new TreeMap<>();
  private long nanos = 1_000;
  private final long begin = nanos;

  /** One event at most a moment. */
  synchronized ManualClock at(Duration since, Event event) {
    events.put(begin + since.toNanos(), event);
    return this;
  }

  /** Since it was made. */
  synchronized Duration passed() {
    return Duration.ofNanos(nanos - begin);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized void pause(Duration time) {
    nanos += time.toNanos();
    for (Map.Entry<Long, Event> next = events.firstEntry();
        next != null && next.getKey() <= nanos;
        next = events.firstEntry()) {
      events.remove(next.getKey());
      try {
        next.getValue().happens();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
