package io.sluice.writer.raft;

import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A log's id is made at random when it is founded, but for its last 16 bits, which are its number:
 * so a disk with nothing but Raft's directories tells which logs it has.
 */
public final class LogNumber {

  private static final long BITS = 0xffff;

  static final int MOST = (int) BITS;

  /** A new id for a log. */
  public static UUID newId(int number, RandomGenerator random) {
    if (number < 0 || number > MOST) {
      throw new IllegalArgumentException(
          "cannot number a log %d (from 0 to %d)".formatted(number, MOST));
    }
    long high = (random.nextLong() & ~0xf000L) | 0x4000L; // a random UUID's version
    long low = (random.nextLong() >>> 2) | Long.MIN_VALUE; // and variant
    return new UUID(high, (low & ~BITS) | number);
  }

  public static int of(UUID id) {
    return (int) (id.getLeastSignificantBits() & BITS);
  }

  private LogNumber() {}
}
