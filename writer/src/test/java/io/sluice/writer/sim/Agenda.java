package io.sluice.writer.sim;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to happen, in virtual time: one thing after the other, and nothing beside it. */
final class Agenda {

  /** What happens. */
  interface Action {
    void run() throws Exception;
  }

  /** Whoever something happens to: not any more when it is gone, and not yet while it is paused. */
  interface Owner {
    boolean isGone();

    /** When it goes on, in micros; a time that has passed if it is not paused. */
    long resumesAt();
  }

  private record Event(long micros, long number, @Nullable Owner owner, Action action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int order = Long.compare(micros, other.micros);
      return order == 0 ? Long.compare(number, other.number) : order;
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long numbers;
  private long steps;

  /** In micros. */
  long now() {
    return now;
  }

  /** How many things have happened. */
  long steps() {
    return steps;
  }

  void in(long micros, Action action) {
    events.add(new Event(now + micros, numbers++, null, action));
  }

  void in(long micros, Owner owner, Action action) {
    events.add(new Event(now + micros, numbers++, owner, action));
  }

  /** The next thing happens; false if it is later than {@code until}, which it is now then. */
  boolean step(long until) throws Exception {
    while (!events.isEmpty() && events.peek().micros <= until) {
      Event next = events.remove();
      now = next.micros;
      Owner owner = next.owner;
      if (owner != null && owner.isGone()) {
        continue;
      }
      if (owner != null && owner.resumesAt() > now) {
        events.add(new Event(owner.resumesAt(), next.number, owner, next.action));
        continue;
      }
      steps++;
      next.action.run();
      return true;
    }
    now = until;
    return false;
  }
}
