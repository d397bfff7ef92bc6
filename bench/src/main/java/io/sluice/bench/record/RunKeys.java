package io.sluice.bench.record;

import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * The keys of one run's records. A key is 64 bits: lane 16, request 32, ordinal 16. It travels as
 * the span id (a bijection of it, so that ids look random and still give the key back) or as text.
 */
public final class RunKeys {

  /** The attribute that carries the key of a log record or a data point. */
  public static final String ATTRIBUTE = "sluice.load.key";

  /** Characters of a key as text: run, a dot, key. */
  public static final int TEXT_LENGTH = 33;

  public static final int MAX_LANES = 1 << 16;
  public static final int MAX_RECORDS = 1 << 16;

  private static final long TRACE = 0x5bd1e9955bd1e995L;
  private static final HexFormat HEX = HexFormat.of();

  private final long run;

  public RunKeys(long run) {
    this.run = run;
  }

  public long run() {
    return run;
  }

  public static long pack(int lane, int request, int ordinal) {
    return (long) lane << 48 | (request & 0xffffffffL) << 16 | ordinal;
  }

  public static int lane(long key) {
    return (int) (key >>> 48);
  }

  public static int request(long key) {
    return (int) (key >>> 16);
  }

  public static int ordinal(long key) {
    return (int) key & 0xffff;
  }

  public long spanId(long key) {
    return mix(key ^ run);
  }

  public long keyOfSpan(long spanId) {
    return unmix(spanId) ^ run;
  }

  /** The upper half of the id of the trace whose first span has this key. */
  public long traceHigh(long firstKey) {
    return mix(Long.rotateLeft(firstKey, 32) ^ run ^ TRACE);
  }

  /** The lower half: a function of the upper, by which a run knows its own traces. */
  public long traceLow(long high) {
    return mix(high ^ run);
  }

  /** The trace id as it stands in a table. */
  public String traceId(long firstKey) {
    long high = traceHigh(firstKey);
    return HEX.toHexDigits(high) + HEX.toHexDigits(traceLow(high));
  }

  /** The key of a row of {@code traces}; empty if the row is not of this run. */
  public OptionalLong ofSpan(String traceId, String spanId) {
    if (traceId.length() != 32 || spanId.length() != 16) {
      return OptionalLong.empty();
    }
    try {
      long high = HexFormat.fromHexDigitsToLong(traceId, 0, 16);
      long low = HexFormat.fromHexDigitsToLong(traceId, 16, 32);
      return low == traceLow(high)
          ? OptionalLong.of(keyOfSpan(HexFormat.fromHexDigitsToLong(spanId)))
          : OptionalLong.empty();
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  /** The text before the dot: all keys of a run begin with it. */
  public String prefix() {
    return HEX.toHexDigits(run) + ".";
  }

  public String text(long key) {
    return prefix() + HEX.toHexDigits(key);
  }

  /** The key in {@link #ATTRIBUTE}; empty if it is not of this run. */
  public OptionalLong ofText(String text) {
    if (text.length() != TEXT_LENGTH || !text.startsWith(prefix())) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(HexFormat.fromHexDigitsToLong(text, 17, TEXT_LENGTH));
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }

  /** Whether a row of {@code traces} has ids of which a run can be asked whether it is its own. */
  public static boolean isSpan(String traceId, String spanId) {
    return isHex(traceId, 32) && isHex(spanId, 16);
  }

  /** The same for the text in {@link #ATTRIBUTE}. */
  public static boolean isText(String text) {
    return text.length() == TEXT_LENGTH
        && text.charAt(16) == '.'
        && isHex(text.substring(0, 16), 16)
        && isHex(text.substring(17), 16);
  }

  private static boolean isHex(String text, int digits) {
    return text.length() == digits && text.chars().allMatch(HexFormat::isHexDigit);
  }

  /** A bijection of 64 bits (the finisher of SplitMix64). */
  static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** The inverse of {@link #mix}. */
  static long unmix(long value) {
    long z = (value ^ value >>> 31 ^ value >>> 62) * 0x319642b2d24d8ec3L;
    z = (z ^ z >>> 27 ^ z >>> 54) * 0x96de1b173f119089L;
    return z ^ z >>> 30 ^ z >>> 60;
  }
}
