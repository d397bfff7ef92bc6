package io.sluice.writer.serve;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * The calls under way that hold a thread: reads, and actions that wait. Each is bounded, and so is
 * what one caller may have of them, so that some threads are left for all else. Any thread.
 */
public final class Admitted {

  /** What a read expands at once, if few are open: larger windows are no faster. */
  private static final long MOST_WINDOW = 4 << 20;

  private static final long LEAST_WINDOW = 256 << 10;

  /** What the windows of all reads have together, about: as many again wait to be taken. */
  private static final long WINDOWS = 256 << 20;

  private final FlightLimits limits;
  private final Map<Object, Integer> reads = new HashMap<>();
  private final Set<String> tenants = new HashSet<>();
  private final LongAdder refusedReads;
  private final LongAdder refusedActions;
  private int allReads;
  private int actions;

  /** One that is under way until it is closed. */
  public interface Call extends AutoCloseable {
    @Override
    void close();
  }

  public Admitted(FlightLimits limits, Telemetry telemetry) {
    this.limits = limits;
    this.refusedReads = refused("read", telemetry);
    this.refusedActions = refused("action", telemetry);
  }

  private static LongAdder refused(String what, Telemetry telemetry) {
    return telemetry.counter(
        "sluice.flight.refused", Attributes.builder().put("what", what).build());
  }

  /**
   * A read begins.
   *
   * @param caller whose it is: of any type that has a good {@code equals}
   * @throws org.apache.arrow.flight.FlightRuntimeException there are too many
   */
  synchronized Call read(Object caller) {
    int own = reads.getOrDefault(caller, 0);
    if (allReads >= limits.reads() || own >= limits.readsOfCaller()) {
      refusedReads.increment();
      throw ReadErrors.tooMany(
          own >= limits.readsOfCaller()
              ? "cannot read: %d reads of this caller are open (end some, or ask again later; read.max-open-per-caller)"
                  .formatted(own)
              : "cannot read: %d reads are open (ask again later; read.max-open)"
                  .formatted(allReads));
    }
    allReads++;
    reads.put(caller, own + 1);
    return () -> ended(caller);
  }

  /** How many bytes a read may expand at once: less, the more of them are open. */
  synchronized long windowBytes() {
    return Math.max(LEAST_WINDOW, Math.min(MOST_WINDOW, WINDOWS / Math.max(1, allReads)));
  }

  private synchronized void ended(Object caller) {
    allReads--;
    reads.compute(caller, (same, count) -> count == null || count == 1 ? null : count - 1);
  }

  /**
   * An action that waits begins.
   *
   * @param tenant of the caller, who may have one under way; empty: a caller of all tenants
   * @throws org.apache.arrow.flight.FlightRuntimeException there are too many
   */
  synchronized Call action(String type, String tenant) {
    boolean full =
        actions >= FlightLimits.ACTIONS
            || (!tenant.isEmpty() && tenants.size() >= FlightLimits.ACTIONS / 2);
    if (full || tenants.contains(tenant)) {
      refusedActions.increment();
      throw ReadErrors.tooMany(
          tenants.contains(tenant)
              ? "cannot %s: a flush or unpark of tenant %s is under way (ask again when it has ended)"
                  .formatted(type, tenant)
              : "cannot %s: %d actions are under way (ask again later)".formatted(type, actions));
    }
    actions++;
    if (!tenant.isEmpty()) {
      tenants.add(tenant);
    }
    return () -> done(tenant);
  }

  private synchronized void done(String tenant) {
    actions--;
    tenants.remove(tenant);
  }
}
