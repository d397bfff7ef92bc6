package io.sluice.schema.service;

import java.util.function.LongSupplier;

/**
 * How often something is said that anybody may cause as often as they like: once a second, with how
 * many were passed over. Any thread.
 */
public final class Seldom {

  private static final long APART_NANOS = 1_000_000_000;

  private final LongSupplier nanos;
  private boolean saidSome;
  private long said;
  private long passedOver;

  /**
   * @param nanos a monotonic clock
   */
  public Seldom(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How many were passed over since one was said; negative: this one is, too. */
  public synchronized long ask() {
    long now = nanos.getAsLong();
    if (saidSome && now - said < APART_NANOS) {
      passedOver++;
      return -1;
    }
    long before = passedOver;
    saidSome = true;
    said = now;
    passedOver = 0;
    return before;
  }
}
