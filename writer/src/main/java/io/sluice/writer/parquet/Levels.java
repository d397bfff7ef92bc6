package io.sluice.writer.parquet;

import java.util.Arrays;

/** The repetition or definition levels of a page. Most pages have one level only: it is counted. */
final class Levels {

  private final int width;
  private byte[] levels = new byte[0];
  private int count;
  private boolean same = true;
  private byte level;

  /**
   * @param most the highest level; of 0 nothing is written
   */
  Levels(int most) {
    this.width = Hybrid.width(most);
  }

  int count() {
    return count;
  }

  /** Bytes of memory, not of the page: those are fewer. */
  int bytes() {
    return same ? 0 : count;
  }

  void clear() {
    count = 0;
    same = true;
  }

  void add(int value, int times) {
    if (same && (count == 0 || value == level)) {
      level = (byte) value;
      count += times;
      return;
    }
    spread(times);
    if (times == 1) {
      levels[count] = (byte) value;
    } else {
      Arrays.fill(levels, count, count + times, (byte) value);
    }
    count += times;
  }

  void add(byte[] values, int times) {
    spread(times);
    System.arraycopy(values, 0, levels, count, times);
    count += times;
  }

  private void spread(int more) {
    if (count + more > levels.length) {
      // A multiple of eight, as they are packed.
      levels = Arrays.copyOf(levels, (Math.max(count + more, 2 * levels.length) + 7) & -8);
    }
    if (same) {
      Arrays.fill(levels, 0, count, level);
      same = false;
    }
  }

  /** Appends them with their length. */
  void writeTo(ByteSink out) {
    if (width == 0) {
      return;
    }
    int at = out.size();
    out.putInt(0);
    if (same) {
      Hybrid.run(level, count, width, out);
    } else {
      PackedLevels.write(levels, count, width, out);
    }
    out.setInt(at, out.size() - at - Integer.BYTES);
  }
}
