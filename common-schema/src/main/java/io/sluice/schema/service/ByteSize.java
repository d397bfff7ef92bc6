package io.sluice.schema.service;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 64MiB}, {@code 512KiB}, {@code 2GiB}, 1048576. */
public record ByteSize(long bytes) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\s*(|b|kib|mib|gib|tib)");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("cannot use byte size: " + bytes + " (it is negative)");
    }
  }

  /**
   * Reads a number with an optional binary unit.
   *
   * @throws IllegalArgumentException not a size, or over 2^63 - 1 bytes
   */
  public static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "cannot read byte size: '%s' (write it as 1048576, 512KiB, 64MiB or 2GiB)"
              .formatted(text));
    }
    int shift = 10 * "bkmgt".indexOf(matcher.group(2).isEmpty() ? 'b' : matcher.group(2).charAt(0));
    long number = Long.parseLong(matcher.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException("cannot read byte size: '%s' (too large)".formatted(text));
    }
    return new ByteSize(number << shift);
  }

  /** As an array or buffer length. */
  public int toInt() {
    return Math.toIntExact(bytes);
  }

  @Override
  public String toString() {
    for (int unit = 4; unit > 0; unit--) {
      if (bytes != 0 && bytes % (1L << (10 * unit)) == 0) {
        return (bytes >> (10 * unit)) + "KMGT".substring(unit - 1, unit) + "iB";
      }
    }
    return Long.toString(bytes);
  }
}
