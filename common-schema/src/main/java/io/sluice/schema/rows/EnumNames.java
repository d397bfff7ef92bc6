package io.sluice.schema.rows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * The names of an OTLP enum without their prefix, by number, each as two words of eight bytes, so
 * that writing one is two stores. A number without a name is its decimal.
 */
public final class EnumNames {

  public static final EnumNames SPAN_KIND =
      new EnumNames("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");
  public static final EnumNames STATUS_CODE = new EnumNames("UNSET", "OK", "ERROR");
  public static final EnumNames TEMPORALITY = new EnumNames("UNSPECIFIED", "DELTA", "CUMULATIVE");

  /** What {@link #write} may touch. */
  static final int ROOM = 16;

  private final List<String> names;
  private final long[] words;

  private EnumNames(String... names) {
    this.names = List.of(names);
    this.words = new long[2 * names.length];
    for (int i = 0; i < names.length; i++) {
      byte[] padded = new byte[ROOM];
      byte[] name = names[i].getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(name, 0, padded, 0, name.length);
      words[2 * i] = MemoryUtil.getLong(padded, 0);
      words[2 * i + 1] = MemoryUtil.getLong(padded, Long.BYTES);
    }
  }

  /** By number. */
  public List<String> names() {
    return names;
  }

  /**
   * The number of a name or decimal.
   *
   * @throws NumberFormatException if it is neither
   */
  public int number(String name) {
    int known = names.indexOf(name);
    return known >= 0 ? known : Integer.parseInt(name);
  }

  /** Writes the text of a number; how long it is. */
  int write(int number, long to) {
    if (number >= 0 && number < names.size()) {
      MemoryUtil.putLong(to, words[2 * number]);
      MemoryUtil.putLong(to + Long.BYTES, words[2 * number + 1]);
      return names.get(number).length();
    }
    byte[] decimal = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    MemoryUtil.copyToMemory(decimal, 0, to, decimal.length);
    return decimal.length;
  }
}
