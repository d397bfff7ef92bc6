package io.sluice.lake.s3;

import java.time.Duration;

/**
 * How long a store is waited for.
 *
 * @param connect until a connection is there
 * @param silence in which not a byte comes or goes
 * @param attempt a request, up to the begin of its answer; and a reader whose bytes come slower
 *     than {@link #LEAST_RATE} after that
 * @param call a request with all its repetitions, up to the begin of the answer
 * @param pause at most, before the first repetition; twice as much before each further one. How
 *     much of it is left to chance
 * @param longestPause at most, before any
 */
record S3Patience(
    Duration connect,
    Duration silence,
    Duration attempt,
    Duration call,
    Duration pause,
    Duration longestPause) {

  /** Bytes a second; a store that is well is a thousand times faster. */
  static final long LEAST_RATE = 64 << 10;

  static final S3Patience USUAL =
      new S3Patience(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(150),
          Duration.ofMillis(100),
          Duration.ofSeconds(10));

  /** What is waited after an answer that asks for less; not less than any other pause. */
  Duration throttledPause() {
    return pause.multipliedBy(5);
  }
}
