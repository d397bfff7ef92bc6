package io.sluice.writer.sim;

import java.util.Arrays;

/** The last things that happened, to be read when something was wrong; and a hash of all. */
final class Trace {

  private final long[] micros;
  private final String[] texts;
  private final Object[][] values;
  private long count;
  private long hash;

  /**
   * @param size how many are kept
   */
  Trace(int size) {
    micros = new long[Math.max(1, size)];
    texts = new String[micros.length];
    values = new Object[micros.length][];
  }

  /**
   * @param of numbers, strings and what does not change
   */
  void add(long now, String text, Object... of) {
    int at = (int) (count++ % texts.length);
    micros[at] = now;
    texts[at] = text;
    values[at] = of;
    hash = hash * 31 + now;
    hash = hash * 31 + text.hashCode();
    for (Object each : of) {
      if (each instanceof Number number) {
        hash = hash * 31 + number.longValue();
      }
    }
  }

  /** The same for two runs in which the same things happened at the same times. */
  long hash() {
    return hash;
  }

  /** Those that are kept, oldest first. */
  String text() {
    StringBuilder all = new StringBuilder();
    for (long i = Math.max(0, count - texts.length); i < count; i++) {
      int at = (int) (i % texts.length);
      all.append("%10.3f  ".formatted(micros[at] / 1e6));
      all.append(texts[at].formatted(Arrays.copyOf(values[at], values[at].length)));
      all.append('\n');
    }
    return all.toString();
  }
}
