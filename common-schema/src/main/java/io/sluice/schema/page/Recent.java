package io.sluice.schema.page;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last things that happened, so many at most; what is like one of them is counted with it. What
 * is forgotten is counted, too. Guarded by its monitor, which is held for a moment.
 *
 * @param <T> says what happened; equal keys are told apart by it no more: the last one stays
 */
public final class Recent<T> {

  /** Of each kind. */
  public static final int MOST = 20;

  /**
   * Something that happened.
   *
   * @param firstMillis since the epoch
   * @param lastMillis the same, of the last time
   * @param count how often
   */
  public record Seen<T>(long firstMillis, long lastMillis, long count, T what) {}

  private final InstantSource clock;

  @GuardedBy("this")
  private final Map<Object, Seen<T>> seen = new LinkedHashMap<>(); // the last one at the end

  @GuardedBy("this")
  private long total;

  public Recent(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * It happened now.
   *
   * @param key equal for what is one thing that happens again
   */
  public synchronized void add(Object key, T what) {
    long now = clock.millis();
    Seen<T> before = seen.remove(key);
    seen.put(
        key,
        before == null
            ? new Seen<>(now, now, 1, what)
            : new Seen<>(before.firstMillis, now, before.count + 1, what));
    total++;
    if (seen.size() > MOST) {
      seen.remove(seen.keySet().iterator().next());
    }
  }

  /** All that are remembered, the last one first. */
  public synchronized List<Seen<T>> newestFirst() {
    List<Seen<T>> all = new ArrayList<>(seen.values());
    Collections.reverse(all);
    return List.copyOf(all);
  }

  /** How often anything happened since the start, with what is forgotten. */
  public synchronized long total() {
    return total;
  }
}
