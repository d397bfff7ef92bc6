package io.sluice.schema.text;

/**
 * The automaton that accepts UTF-8, without a branch: each byte has the next state of each state, 6
 * bits each, and a state is where its bits are, so that a step is one shift. A malformed byte leads
 * to a state that nothing leaves.
 */
final class Utf8States {

  static final long ACCEPT = 0;

  // One, two, three bytes are to come; the first of two or three is bounded behind some.
  private static final int ONE = 6;
  private static final int TWO = 12;
  private static final int THREE = 18;
  private static final int AFTER_E0 = 24;
  private static final int AFTER_ED = 30;
  private static final int AFTER_F0 = 36;
  private static final int AFTER_F4 = 42;
  private static final int MALFORMED = 48;

  private static final int MASK = 63;
  private static final long[] STEPS = new long[256];

  static {
    for (int b = 0; b < STEPS.length; b++) {
      long steps = (long) MALFORMED << MALFORMED;
      steps |= (long) first(b);
      steps |= among(b, 0x80, 0xbf, ACCEPT) << ONE;
      steps |= among(b, 0x80, 0xbf, ONE) << TWO;
      steps |= among(b, 0x80, 0xbf, TWO) << THREE;
      steps |= among(b, 0xa0, 0xbf, ONE) << AFTER_E0;
      steps |= among(b, 0x80, 0x9f, ONE) << AFTER_ED;
      steps |= among(b, 0x90, 0xbf, TWO) << AFTER_F0;
      steps |= among(b, 0x80, 0x8f, TWO) << AFTER_F4;
      STEPS[b] = steps;
    }
  }

  private static long among(int b, int from, int to, long next) {
    return b >= from && b <= to ? next : MALFORMED;
  }

  private static int first(int b) {
    if (b < 0x80) {
      return (int) ACCEPT;
    }
    if (b < 0xc2 || b > 0xf4) {
      return MALFORMED;
    }
    if (b < 0xe0) {
      return ONE;
    }
    return switch (b) {
      case 0xe0 -> AFTER_E0;
      case 0xed -> AFTER_ED;
      case 0xf0 -> AFTER_F0;
      case 0xf4 -> AFTER_F4;
      default -> b < 0xf0 ? TWO : THREE;
    };
  }

  /** The state after a byte; of a state only the low bits count. */
  static long next(long state, byte b) {
    return STEPS[b & 0xff] >>> state;
  }

  /** The state after eight bytes, the first in the low bits. */
  static long next(long state, long bytes) {
    long next = STEPS[(int) bytes & 0xff] >>> state;
    next = STEPS[(int) (bytes >>> 8) & 0xff] >>> next;
    next = STEPS[(int) (bytes >>> 16) & 0xff] >>> next;
    next = STEPS[(int) (bytes >>> 24) & 0xff] >>> next;
    next = STEPS[(int) (bytes >>> 32) & 0xff] >>> next;
    next = STEPS[(int) (bytes >>> 40) & 0xff] >>> next;
    next = STEPS[(int) (bytes >>> 48) & 0xff] >>> next;
    return STEPS[(int) (bytes >>> 56)] >>> next;
  }

  static boolean isAccept(long state) {
    return (state & MASK) == ACCEPT;
  }

  private Utf8States() {}
}
