package io.sluice.schema.text;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A double as {@code Double.toString} of JDK 19 and newer prints it, on every JDK: the shortest
 * decimal that reads back as the same double, always with a point ("1.0", "2.0E23", "-0.0"), or
 * NaN, Infinity, -Infinity. After R. Giulietti, "The Schubfach way to render doubles" (2022).
 */
public final class DoubleText {

  /** The most bytes a double takes: -1.2345678901234567E-308. */
  public static final int MAX_BYTES = 24;

  private static final int PRECISION = 53;
  private static final int MIN_EXPONENT = -1074;
  private static final long HIDDEN_BIT = 1L << (PRECISION - 1);
  private static final int EXPONENT_MASK = 0x7ff;
  private static final byte[] NAN = {'N', 'a', 'N'};
  private static final byte[] INFINITY = {'I', 'n', 'f', 'i', 'n', 'i', 't', 'y'};

  /**
   * Writes the text at the address, where {@link #MAX_BYTES} have room.
   *
   * @return how many bytes it took
   */
  public static int write(double value, long address) {
    if (Double.isNaN(value)) {
      return copy(NAN, address);
    }
    long bits = Double.doubleToRawLongBits(value);
    if (bits >= 0) {
      return writeMagnitude(bits, address);
    }
    MemoryUtil.putByte(address, (byte) '-');
    return 1 + writeMagnitude(bits & Long.MAX_VALUE, address + 1);
  }

  private static int writeMagnitude(long bits, long address) {
    int biased = (int) (bits >>> (PRECISION - 1)) & EXPONENT_MASK;
    long fraction = bits & (HIDDEN_BIT - 1);
    if (biased == EXPONENT_MASK) {
      return copy(INFINITY, address);
    }
    if (biased != 0) {
      int shift = 1 - MIN_EXPONENT - biased;
      long significand = HIDDEN_BIT | fraction;
      if (shift > 0 && shift < PRECISION && (significand >> shift) << shift == significand) {
        return DecimalLayout.write(significand >> shift, 0, address);
      }
      return shortest(-shift, significand, 0, address);
    }
    if (fraction == 0) {
      return DecimalLayout.write(0, 0, address);
    }
    // The two smallest doubles need a second digit to choose from: "at least two" is the contract.
    return fraction < 3
        ? shortest(MIN_EXPONENT, 10 * fraction, -1, address)
        : shortest(MIN_EXPONENT, fraction, 0, address);
  }

  /** Of significand * 2^q * 10^dk. The names of the paper: c, q, k, h, s, t, u and w inside. */
  private static int shortest(int q, long c, int dk, long address) {
    long out = c & 1;
    long cb = c << 2;
    long cbr = cb + 2;
    long cbl;
    int k;
    if (c != HIDDEN_BIT || q == MIN_EXPONENT) {
      cbl = cb - 2;
      k = floorLog10Pow2(q);
    } else {
      cbl = cb - 1;
      k = floorLog10ThreeQuartersPow2(q);
    }
    int h = q + floorLog2Pow10(-k) + 2;
    long g1 = PowersOfTen.high(k);
    long g0 = PowersOfTen.low(k);
    long vb = roundToOdd(g1, g0, cb << h);
    long vbl = roundToOdd(g1, g0, cbl << h);
    long vbr = roundToOdd(g1, g0, cbr << h);
    long s = vb >> 2;
    if (s >= 100) {
      long shorter = s / 10 * 10;
      boolean below = vbl + out <= shorter << 2;
      boolean above = ((shorter + 10) << 2) + out <= vbr;
      if (below != above) {
        return DecimalLayout.write(below ? shorter : shorter + 10, k, address);
      }
    }
    long t = s + 1;
    boolean below = vbl + out <= s << 2;
    boolean above = (t << 2) + out <= vbr;
    if (below != above) {
      return DecimalLayout.write(below ? s : t, k + dk, address);
    }
    long side = vb - ((s + t) << 1);
    return DecimalLayout.write(side < 0 || (side == 0 && (s & 1) == 0) ? s : t, k + dk, address);
  }

  private static long roundToOdd(long g1, long g0, long cp) {
    long x1 = Math.multiplyHigh(g0, cp);
    long y0 = g1 * cp;
    long y1 = Math.multiplyHigh(g1, cp);
    long z = (y0 >>> 1) + x1;
    long w = y1 + (z >>> 63);
    return w | (((z & Long.MAX_VALUE) + Long.MAX_VALUE) >>> 63);
  }

  private static int floorLog10Pow2(int e) {
    return (int) ((e * 661_971_961_083L) >> 41);
  }

  private static int floorLog10ThreeQuartersPow2(int e) {
    return (int) ((e * 661_971_961_083L - 274_743_187_321L) >> 41);
  }

  private static int floorLog2Pow10(int e) {
    return (int) ((e * 913_124_641_741L) >> 38);
  }

  private static int copy(byte[] text, long address) {
    MemoryUtil.copyToMemory(text, 0, address, text.length);
    return text.length;
  }

  private DoubleText() {}
}
