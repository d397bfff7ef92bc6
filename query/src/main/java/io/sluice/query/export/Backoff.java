package io.sluice.query.export;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When to send the same request again: from the first wait by half as much again up to the longest,
 * each with 20 % of jitter, and never before the server asked for it.
 */
public record Backoff(Duration first, Duration longest, RandomGenerator random) {

  private static final double GROWTH = 1.5;
  private static final double JITTER = 0.2;

  /**
   * @param attempt how many attempts failed so far, from 1
   * @param asked what the server asked for, zero if it did not
   */
  public Duration afterFailure(int attempt, Duration asked) {
    double grown = (double) first.toNanos() * Math.pow(GROWTH, Math.min(attempt - 1, 64));
    double bounded = Math.min((double) longest.toNanos(), grown);
    double wait = Math.max(bounded, (double) asked.toNanos());
    return Duration.ofNanos((long) (wait * (1 + JITTER * random.nextDouble())));
  }
}
