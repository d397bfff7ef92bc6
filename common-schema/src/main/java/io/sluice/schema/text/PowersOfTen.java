package io.sluice.schema.text;

import java.math.BigInteger;

/**
 * The powers of ten that {@link DoubleText} multiplies with: for each k in {@code [MIN, MAX]} the
 * 126-bit integer {@code g = floor(10^-k * 2^-r) + 1}, r such that {@code 2^125 <= g < 2^126},
 * split as {@code g = high * 2^63 + low}.
 */
final class PowersOfTen {

  private static final int MIN = -324;
  private static final int MAX = 292;
  private static final long[] HIGH = new long[MAX - MIN + 1];
  private static final long[] LOW = new long[MAX - MIN + 1];

  static {
    for (int k = MIN; k <= MAX; k++) {
      BigInteger g = scaled(-k).add(BigInteger.ONE);
      HIGH[k - MIN] = g.shiftRight(63).longValueExact();
      LOW[k - MIN] = g.longValue() & Long.MAX_VALUE;
    }
  }

  static long high(int k) {
    return HIGH[k - MIN];
  }

  static long low(int k) {
    return LOW[k - MIN];
  }

  private static BigInteger scaled(int exponent) {
    BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
    if (exponent >= 0) {
      int shift = power.bitLength() - 126;
      return shift >= 0 ? power.shiftRight(shift) : power.shiftLeft(-shift);
    }
    // 10^exponent lies in [2^-bitLength, 2^-(bitLength - 1)), and is never a power of two.
    return BigInteger.ONE.shiftLeft(125 + power.bitLength()).divide(power);
  }

  private PowersOfTen() {}
}
