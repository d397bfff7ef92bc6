package io.sluice.acceptor.transcode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A JSON scalar's bytes as they stand in the request: a number's digits, or what is between the
 * quotes of a string. One thread owns it.
 */
final class Literal {

  private static final int MOST_DIGITS = 1_000; // as Jackson has it for numbers without quotes
  private static final int MOST_OF_INTEGER = 64; // more would be long to make an integer of
  private static final int LONG_DIGITS = 18; // always fit into a long
  private static final int EXACT_DIGITS = 15; // always fit into a double

  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private static final BigInteger INT64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger INT64_MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger UINT64_MAX =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  byte[] buf = {};
  int from;
  int to;

  void at(byte[] bytes, int start, int end) {
    buf = bytes;
    from = start;
    to = end;
  }

  /** The number token that starts here; Jackson has read it already, so that it is one. */
  void number(byte[] json, int start, int end) {
    int at = start;
    while (at < end && isOfNumber(json[at])) {
      at++;
    }
    at(json, start, at);
  }

  boolean is(String ascii) {
    if (to - from != ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (buf[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  boolean startsAsNumber() {
    return from < to && (buf[from] == '-' || isDigit(buf[from]));
  }

  /** As an int64, whatever its notation; never by way of a double. */
  long int64() {
    long small = smallInteger();
    return small == Long.MIN_VALUE ? integer(INT64_MIN, INT64_MAX, "int64") : small;
  }

  /** As the bits of an uint64. */
  long uint64() {
    long small = smallInteger();
    return small < 0 ? integer(BigInteger.ZERO, UINT64_MAX, "uint64") : small;
  }

  int int32() {
    long value = int64();
    if (value != (int) value) {
      throw not("int32");
    }
    return (int) value;
  }

  /** As the bits of an uint32. */
  int uint32() {
    long value = int64();
    if (value < 0 || value > 0xffffffffL) {
      throw not("uint32");
    }
    return (int) value;
  }

  /** As a double, "NaN" and the infinities among them; a number too large is none of these. */
  double number() {
    if (is("NaN")) {
      return Double.NaN;
    }
    if (is("Infinity")) {
      return Double.POSITIVE_INFINITY;
    }
    if (is("-Infinity")) {
      return Double.NEGATIVE_INFINITY;
    }
    check("double");
    double exact = shortNumber();
    if (!Double.isNaN(exact)) {
      return exact;
    }
    double value = Double.parseDouble(text());
    if (Double.isInfinite(value)) {
      throw not("double");
    }
    return value;
  }

  /** What is wrong about it, with the beginning of it. */
  ValueException not(String type) {
    int most = 40;
    String shown = new String(buf, from, Math.min(to - from, most), ISO_8859_1);
    String article = "aeiou".indexOf(type.charAt(0)) < 0 || type.startsWith("u") ? "a " : "an ";
    return new ValueException(
        "not %s%s: '%s%s'".formatted(article, type, shown, to - from > most ? "..." : ""));
  }

  /** Up to 18 digits, perhaps with a minus; else Long.MIN_VALUE, which has more. */
  private long smallInteger() {
    boolean negative = from < to && buf[from] == '-';
    int at = negative ? from + 1 : from;
    int digits = to - at;
    if (digits < 1 || digits > LONG_DIGITS || (buf[at] == '0' && digits > 1)) {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (; at < to; at++) {
      if (!isDigit(buf[at])) {
        return Long.MIN_VALUE;
      }
      value = 10 * value + (buf[at] - '0');
    }
    return negative ? -value : value;
  }

  private long integer(BigInteger least, BigInteger most, String type) {
    check(type);
    if (to - from > MOST_OF_INTEGER) {
      throw not(type);
    }
    BigInteger value = integral(type);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw not(type);
    }
    return value.longValue();
  }

  /** Its size is looked at first: 1e999999999 has a billion digits. */
  private BigInteger integral(String type) {
    BigDecimal value;
    try {
      value = new BigDecimal(text()).stripTrailingZeros();
    } catch (NumberFormatException e) { // an exponent beyond int
      throw not(type);
    }
    if (value.signum() == 0) {
      return BigInteger.ZERO;
    }
    if (value.scale() > 0 || (long) value.precision() - value.scale() > 20) {
      throw not(type);
    }
    return value.toBigIntegerExact();
  }

  /**
   * Digits and a point that are a division of two exact doubles, and so correctly rounded; NaN if
   * it takes more than that.
   */
  private double shortNumber() {
    boolean negative = buf[from] == '-';
    long digits = 0;
    int count = 0;
    int behindPoint = -1;
    for (int at = negative ? from + 1 : from; at < to; at++) {
      if (isDigit(buf[at])) {
        digits = 10 * digits + (buf[at] - '0');
        behindPoint += behindPoint >= 0 ? 1 : 0;
        if (++count > EXACT_DIGITS) {
          return Double.NaN;
        }
      } else if (buf[at] == '.') {
        behindPoint = 0;
      } else {
        return Double.NaN;
      }
    }
    double value = behindPoint > 0 ? digits / POWERS_OF_TEN[behindPoint] : digits;
    return negative ? -value : value;
  }

  /** JSON's grammar of a number, which a string must keep to as well. */
  private void check(String type) {
    int at = from < to && buf[from] == '-' ? from + 1 : from;
    int whole = digits(at);
    boolean valid = whole > at && (buf[at] != '0' || whole == at + 1);
    at = whole;
    if (valid && at < to && buf[at] == '.') {
      int end = digits(at + 1);
      valid = end > at + 1;
      at = end;
    }
    if (valid && at < to && (buf[at] | 0x20) == 'e') {
      int first = at + 1 < to && (buf[at + 1] == '+' || buf[at + 1] == '-') ? at + 2 : at + 1;
      at = digits(first);
      valid = at > first;
    }
    if (!valid || at != to || to - from > MOST_DIGITS) {
      throw not(type);
    }
  }

  private int digits(int start) {
    int at = start;
    while (at < to && isDigit(buf[at])) {
      at++;
    }
    return at;
  }

  private String text() {
    return new String(buf, from, to - from, ISO_8859_1);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isOfNumber(byte b) {
    return isDigit(b) || b == '-' || b == '+' || b == '.' || (b | 0x20) == 'e';
  }
}
