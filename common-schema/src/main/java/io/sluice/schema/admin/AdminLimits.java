package io.sluice.schema.admin;

import java.time.Duration;

/**
 * What a client may take.
 *
 * @param connections of a server at most; beyond, the one that lets us wait for longest is closed
 * @param idle between two requests
 * @param head until the head of a request is there: from the begin of the connection, with its TLS
 *     handshake, or from the first byte
 * @param body until the body of a request is there
 * @param answer until an answer is gone, and beyond that a second for each 64 KiB
 * @param lookMillis between two looks at them
 */
record AdminLimits(
    int connections,
    Duration idle,
    Duration head,
    Duration body,
    Duration answer,
    long lookMillis) {

  static final AdminLimits DEFAULT =
      new AdminLimits(
          512,
          Duration.ofSeconds(75), // longer than clients keep theirs
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          500);

  /** Nobody looks at a body; this much is what engines send that try to commit. */
  static final int MOST_BODY = 1 << 20;

  /** Of answers that are on their way, all together, large ones alone. */
  static final long MOST_ANSWERS = 64L << 20;

  /** Are counted to them. */
  static final int LARGE_ANSWER = 16 << 10;

  private static final long SLOWEST_BYTES = 64 << 10;

  /** How long an answer may take. */
  long answerNanos(int bytes) {
    return answer.plusMillis(bytes * 1_000L / SLOWEST_BYTES).toNanos();
  }
}
