package io.sluice.query.replay;

import io.sluice.query.replay.Checkpoint.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was answered for good, counted in the order of the rows. Any thread may use it. */
final class Tally {

  private final Deque<Outgoing> underWay = new ArrayDeque<>();

  /** Requests are told apart as objects. */
  private final Map<Outgoing, Totals> answered = new HashMap<>();

  private Place place;
  private Totals before;

  /**
   * @param place all before it was answered earlier
   * @param before what became of that
   */
  Tally(Place place, Totals before) {
    this.place = place;
    this.before = before;
  }

  /** Called in the order of the rows. */
  synchronized void begun(Outgoing request) {
    underWay.add(request);
  }

  synchronized void answered(Outgoing request, Totals outcome) {
    answered.put(request, outcome);
    for (@Nullable Outgoing first = underWay.peek();
        first != null && answered.containsKey(first);
        first = underWay.peek()) {
      underWay.remove();
      place = first.next();
      Totals own = answered.remove(first);
      before = own == null ? before : before.plus(own);
    }
  }

  /** Whether nothing is under way. */
  synchronized boolean isComplete() {
    return underWay.isEmpty();
  }

  /** All before its place, and what became of that. */
  synchronized Checkpoint at(Checkpoint last, boolean end) {
    return last.at(place, before, end);
  }

  /** Of all that is answered, in whatever order. */
  synchronized Totals totals() {
    return answered.values().stream().reduce(before, Totals::plus);
  }
}
