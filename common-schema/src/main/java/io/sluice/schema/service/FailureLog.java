package io.sluice.schema.service;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/**
 * Which failures are logged: the first of a kind at once, then at most one a second, which says how
 * many like it were not. A kind is a class of exception and the place that threw it. Safe for any
 * thread.
 */
public final class FailureLog {

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  /** Kinds beyond these are one. */
  private static final int MOST_KINDS = 64;

  private static final String OTHER = "other";

  private final LongSupplier nanoClock;

  @GuardedBy("this")
  private final Map<String, Kind> kinds = new HashMap<>();

  private static final class Kind {
    long loggedNanos;
    long passedOver;
  }

  /**
   * @param nanoClock monotonic
   */
  public FailureLog(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** How many like it were not logged since one was, if this one is to be; else -1. */
  public synchronized long log(Throwable failure) {
    String name = name(failure);
    Kind kind = kinds.get(name);
    long now = nanoClock.getAsLong();
    if (kind == null) {
      kind = new Kind();
      kind.loggedNanos = now;
      kinds.put(name, kind);
      return 0;
    }
    if (now - kind.loggedNanos < INTERVAL_NANOS) {
      kind.passedOver++;
      return -1;
    }
    long passedOver = kind.passedOver;
    kind.passedOver = 0;
    kind.loggedNanos = now;
    return passedOver;
  }

  @GuardedBy("this")
  private String name(Throwable thrown) {
    Throwable cause = thrown.getCause();
    Throwable failure = thrown instanceof CompletionException && cause != null ? cause : thrown;
    StackTraceElement[] stack = failure.getStackTrace();
    String name = failure.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
    return kinds.containsKey(name) || kinds.size() < MOST_KINDS ? name : OTHER;
  }
}
