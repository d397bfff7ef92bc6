package io.sluice.writer.raft;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Which lead goes back to the Writer that is preferred for it, and when: one at a time, to a Writer
 * that has been well for a while, so that leads do not follow one that comes and goes. While a lead
 * is handed over its log takes nothing, so there is a pause before the next one. It remembers what
 * it was told, and does nothing. One thread.
 */
public final class LeadReturns {

  /** Entries that may be on their way: they are sent within a hand-over. */
  static final long NEAR = 64;

  /**
   * A log that is led here, and whose preferred Writer is another member that answers.
   *
   * @param settled whether no change of its members is under way
   * @param behind entries that the preferred Writer does not have yet
   * @param silent for how long it has not answered this leader
   */
  public record Lead(int log, boolean settled, long behind, Duration silent) {}

  private final long afterNanos;
  private final long pauseNanos;
  private final Duration alive;
  private final Map<Integer, Long> well = new HashMap<>();
  private long attemptedNanos;
  private boolean attempted;

  /**
   * @param after for how long the preferred Writer has to be well
   * @param pause between two hand-overs
   * @param alive who was silent for longer is not well
   */
  public LeadReturns(Duration after, Duration pause, Duration alive) {
    this.afterNanos = after.toNanos();
    this.pauseNanos = pause.toNanos();
    this.alive = alive;
  }

  /**
   * The log to hand over now; asked for again and again. Whether it succeeds or not, the same one
   * is not named again before its Writer has been well for as long once more.
   *
   * @param nanos of a monotonic clock
   * @param leads all that are here and belong elsewhere
   */
  public OptionalInt next(long nanos, List<Lead> leads) {
    Map<Integer, Lead> now =
        leads.stream().filter(this::isWell).collect(Collectors.toMap(Lead::log, lead -> lead));
    well.keySet().retainAll(now.keySet());
    now.keySet().forEach(log -> well.putIfAbsent(log, nanos));
    if (attempted && nanos - attemptedNanos < pauseNanos) {
      return OptionalInt.empty();
    }
    OptionalInt due =
        now.keySet().stream()
            .mapToInt(log -> log)
            .filter(log -> nanos - well.getOrDefault(log, nanos) >= afterNanos)
            .min();
    due.ifPresent(
        log -> {
          well.remove(log);
          attempted = true;
          attemptedNanos = nanos;
        });
    return due;
  }

  private boolean isWell(Lead lead) {
    return lead.settled() && lead.behind() <= NEAR && lead.silent().compareTo(alive) < 0;
  }
}
