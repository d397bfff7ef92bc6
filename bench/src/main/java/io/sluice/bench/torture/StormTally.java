package io.sluice.bench.torture;

import io.sluice.bench.audit.AuditResult;
import java.util.EnumMap;
import java.util.Map;

/** What reads of one kind gave. Any thread may use it. */
final class StormTally {

  /** What a read gave. */
  enum Sight {
    WHOLE,
    REFUSED,
    SHORT,
    DOUBLED;

    /**
     * Of a read that came to its end.
     *
     * @param whole whether it must have all that was acked
     */
    static Sight of(AuditResult result, boolean whole) {
      if (result.duplicated() > 0 || result.extra() > 0) {
        return DOUBLED;
      }
      return whole && result.lost() > 0 ? SHORT : WHOLE;
    }
  }

  private final Map<Sight, Integer> counts = new EnumMap<>(Sight.class); // guarded by this
  private String lastRefusal = ""; // guarded by this

  synchronized void count(Sight sight) {
    counts.merge(sight, 1, Integer::sum);
  }

  synchronized void refused(String why) {
    count(Sight.REFUSED);
    lastRefusal = why;
  }

  synchronized int whole() {
    return counts.getOrDefault(Sight.WHOLE, 0);
  }

  @Override
  public synchronized String toString() {
    return "%d whole, %d refused, %d short, %d doubled%s"
        .formatted(
            whole(),
            counts.getOrDefault(Sight.REFUSED, 0),
            counts.getOrDefault(Sight.SHORT, 0),
            counts.getOrDefault(Sight.DOUBLED, 0),
            lastRefusal.isEmpty() ? "" : "; refused at last: " + lastRefusal);
  }
}
