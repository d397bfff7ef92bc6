package io.sluice.schema.service;

/** Where a part reports that it has died and the service must end. */
public interface Fatal {

  /**
   * Ends the service with exit code 1. May be called by any thread, any number of times; the first
   * call is the reason.
   *
   * @param part which part died, as in {@code log}
   */
  void died(String part, Throwable cause);
}
