package io.sluice.writer.persist;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a copy must find together as it is, for as long as somebody copies it: while a Writer
 * is held, no change of the catalog, of what tables have or of where logs begin is begun. Rows are
 * taken, acked and read all the while, and grow; so a hold is broken before they would have to be
 * refused. It is a lease: whoever has it renews it, or it lapses. One at a time. Any thread.
 *
 * <p>A hold that was broken or has lapsed is never told as kept: nobody takes it up again.
 */
public final class Holds {

  /** For how long it lasts without being renewed. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(Holds.class);

  /** Of the last so many it is known how they ended. */
  private static final int REMEMBERED = 64;

  /** How a hold stands. */
  public enum State {
    /** Changes that had begun before it are still under way. */
    WAITING,
    HELD,
    /** It was held, and has ended as its holder asked. */
    KEPT,
    /** Changes were, or may have been, made before its end. */
    BROKEN,
    /** There is none. */
    REFUSED
  }

  /**
   * How a hold stands.
   *
   * @param why it does not stand well, or what it waits for; else empty
   */
  public record Answer(State state, String why) {}

  /** What stands against holding a Writer, each in words behind a colon; null if nothing does. */
  public interface Limits {

    /** Why it cannot be begun, as it is not known what the tables have. Asked before each. */
    @Nullable String against();

    /** Why it must end soon: else rows would be refused. */
    @Nullable String pressing();
  }

  /** A change that is under way until it is closed. */
  public interface Change extends AutoCloseable {
    @Override
    void close();
  }

  private record Hold(String id, long sinceNanos, long leaseNanos, long lastNanos, boolean held) {}

  private final LongSupplier nanos;
  private final LongAdder taken;
  private final LongAdder broken;
  private final LongAdder lapsed;
  private volatile @Nullable Limits limits;

  // Guarded by this.
  private @Nullable Hold now;
  private final Map<String, Answer> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final Map<Object, String> underWay = new LinkedHashMap<>();
  private boolean stopped;

  /**
   * Nothing can be held before {@link #begin(Limits)}.
   *
   * @param nanos a monotonic clock
   */
  public Holds(LongSupplier nanos, Telemetry telemetry) {
    this.nanos = nanos;
    this.taken = telemetry.counter("sluice.holds.taken", Attributes.empty());
    this.broken = telemetry.counter("sluice.holds.broken", Attributes.empty());
    this.lapsed = telemetry.counter("sluice.holds.lapsed", Attributes.empty());
    telemetry.gauge("sluice.holds.held", Attributes.empty(), () -> isHeld() ? 1 : 0);
  }

  /** From now on it can be held, within these limits. */
  public void begin(Limits known) {
    limits = known;
  }

  /**
   * Begins a change; null while it is held: then it is to wait.
   *
   * @param what is done, for whoever waits for its end
   */
  public synchronized @Nullable Change change(String what) {
    expire();
    if (now != null) {
      return null;
    }
    Object key = new Object();
    underWay.put(key, what);
    return () -> done(key);
  }

  private synchronized void done(Object change) {
    underWay.remove(change);
  }

  /** Whether changes are to wait. */
  public synchronized boolean isHeld() {
    expire();
    return now != null;
  }

  /** For how many seconds it has been held; -1: it is not. */
  public synchronized long heldSeconds() {
    expire();
    Hold hold = now;
    return hold == null
        ? -1
        : TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - hold.sinceNanos());
  }

  /**
   * Begins a hold, or renews it if it was begun.
   *
   * @param id of the hold, which its holder makes up
   * @param atMost how long it may last, however often it is renewed
   */
  public Answer take(String id, Duration atMost) {
    Limits known = limits;
    String against = known == null ? "it has only just started" : known.against();
    String why = against != null || known == null ? against : known.pressing();
    synchronized (this) {
      expire();
      Hold hold = now;
      if (ended.containsKey(id) || (hold != null && hold.id().equals(id))) {
        return renew(id);
      }
      if (hold != null) {
        return refused(
            "it has been held for another copy for %d s (ask again when that has ended)"
                .formatted(heldSeconds()));
      }
      if (stopped || why != null) {
        return refused(stopped || why == null ? "it is stopping" : why);
      }
      long begin = nanos.getAsLong();
      now = new Hold(id, begin, begin + LEASE.toNanos(), begin + atMost.toNanos(), false);
      taken.increment();
      LOG.info(
          "held for a copy ({}): nothing is committed, and no log released, until it ends", id);
      return stand();
    }
  }

  /** Renews it, if it stands; says how it stands in any case. */
  public synchronized Answer renew(String id) {
    expire();
    Hold hold = now;
    if (hold == null || !hold.id().equals(id)) {
      return past(id);
    }
    long lease = nanos.getAsLong() + LEASE.toNanos();
    now = new Hold(id, hold.sinceNanos(), lease, hold.lastNanos(), hold.held());
    return stand();
  }

  /** Ends it; kept, if it was held until now. */
  public synchronized Answer end(String id) {
    expire();
    Hold hold = now;
    if (hold == null || !hold.id().equals(id)) {
      return past(id);
    }
    if (stand().state() == State.WAITING) {
      return end(hold, State.BROKEN, "it was given up before it had begun");
    }
    return end(hold, State.KEPT, "");
  }

  /** Looks whether it must end, as time and room do not wait: at the pace of whoever persists. */
  public void look() {
    Limits known = limits;
    if (known == null || !isHeld()) {
      return;
    }
    String why = known.pressing(); // not under the lock: it asks others
    if (why != null) {
      breaks(why);
    }
  }

  /** Ends what there is, and takes no more: all is to be persisted. */
  public synchronized void stop() {
    stopped = true;
    breaks("the Writer was stopped");
  }

  private synchronized void breaks(String why) {
    Hold hold = now;
    if (hold != null) {
      broken.increment();
      end(hold, State.BROKEN, why);
    }
  }

  private void expire() {
    Hold hold = now;
    if (hold == null) {
      return;
    }
    long at = nanos.getAsLong();
    if (at - hold.leaseNanos() > 0) {
      lapsed.increment();
      end(hold, State.BROKEN, "its holder said nothing for %d s".formatted(LEASE.toSeconds()));
    } else if (at - hold.lastNanos() > 0) {
      broken.increment();
      end(hold, State.BROKEN, "it was to end by then, and its copy was not done");
    }
  }

  private Answer end(Hold hold, State state, String why) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - hold.sinceNanos());
    now = null;
    Answer answer = new Answer(state, why);
    ended.put(hold.id(), answer);
    if (state == State.KEPT) {
      LOG.info("the hold for a copy ({}) has ended after {} s", hold.id(), seconds);
    } else {
      LOG.warn("the hold for a copy ({}) was broken after {} s: {}", hold.id(), seconds, why);
    }
    return answer;
  }

  /** Of the one that there is: once nothing is under way, nothing will be. */
  private Answer stand() {
    Hold hold = now;
    if (hold == null || (!hold.held() && !underWay.isEmpty())) {
      return new Answer(State.WAITING, String.join(", ", underWay.values()));
    }
    now = new Hold(hold.id(), hold.sinceNanos(), hold.leaseNanos(), hold.lastNanos(), true);
    return new Answer(State.HELD, "");
  }

  private Answer past(String id) {
    Answer known = ended.get(id);
    return known == null
        ? new Answer(State.BROKEN, "the Writer knows nothing of it: it was started meanwhile")
        : known;
  }

  private static Answer refused(String why) {
    return new Answer(State.REFUSED, why);
  }
}
