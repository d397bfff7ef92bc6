package io.sluice.bench.hostile;

/**
 * A request that is not to be taken.
 *
 * @param name what it is
 * @param everySeconds how often it is sent
 */
record Shot(String name, double everySeconds, Sending sending) {

  /** Sends it once and waits for the answer, for a bounded time. */
  interface Sending {
    /** How it was answered: a status, or that it was not. */
    String send();
  }
}
