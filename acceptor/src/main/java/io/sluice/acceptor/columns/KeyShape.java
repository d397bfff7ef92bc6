package io.sluice.acceptor.columns;

import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * The keys of a row of attributes, distinct, in their order: what other rows may begin with. Fixed
 * once learned, until another row takes its place. One thread owns it.
 */
final class KeyShape {

  /** Readable bytes behind a key that is compared. */
  static final int SLACK = 8;

  /** Bytes copied in one step, of which the last may be spoiled. */
  private static final int STEP = 32;

  private static final int MOST_KEYS = 64;
  private static final int MOST_BYTES = 2_048;

  private byte[] bytes = new byte[STEP]; // the keys, one behind the other, and a step
  private int[] ends = new int[1]; // a zero, then where each key ends
  private int count;

  int count() {
    return count;
  }

  /** Bytes of the first so many keys. */
  int bytes(int keys) {
    return ends[keys];
  }

  /**
   * True if this is the key of that ordinal, which the shape has. The source must have {@link
   * #SLACK} bytes behind the key.
   */
  boolean matches(int ordinal, byte[] source, int offset, int length) {
    int start = ends[ordinal];
    if (ends[ordinal + 1] - start != length) {
      return false;
    }
    byte[] own = Objects.requireNonNull(bytes); // said, the compiler reads from arrays, not memory
    if (length < Long.BYTES) {
      long difference = MemoryUtil.getLong(source, offset) ^ MemoryUtil.getLong(own, start);
      return length == 0 || difference << ((Long.BYTES - length) << 3) == 0;
    }
    int last = length - Long.BYTES;
    long difference =
        MemoryUtil.getLong(source, offset + last) ^ MemoryUtil.getLong(own, start + last);
    if (last > 0) { // no loop: most keys are short, and a loop costs more to begin
      difference |= MemoryUtil.getLong(source, offset) ^ MemoryUtil.getLong(own, start);
    }
    if (last > 8) {
      difference |= MemoryUtil.getLong(source, offset + 8) ^ MemoryUtil.getLong(own, start + 8);
    }
    for (int i = 16; i < last; i += Long.BYTES) {
      difference |= MemoryUtil.getLong(source, offset + i) ^ MemoryUtil.getLong(own, start + i);
    }
    return difference == 0;
  }

  /** True if its first so many keys are the other's, which has as many. */
  boolean begins(KeyShape other, int keys) {
    return keys <= count
        && Arrays.equals(ends, 0, keys + 1, other.ends, 0, keys + 1)
        && Arrays.equals(bytes, 0, ends[keys], other.bytes, 0, ends[keys]);
  }

  /** Adds the first so many keys to a column. */
  void addTo(BytesColumn keys, int number) {
    int base = keys.start();
    byte[] own = bytes;
    int size = ends[number];
    ColumnBuffer data = keys.data();
    long to = data.reserve(size);
    for (int i = 0; i < size && i + STEP <= own.length; i += STEP) {
      MemoryUtil.putLong(to + i, MemoryUtil.getLong(own, i));
      MemoryUtil.putLong(to + i + 8, MemoryUtil.getLong(own, i + 8));
      MemoryUtil.putLong(to + i + 16, MemoryUtil.getLong(own, i + 16));
      MemoryUtil.putLong(to + i + 24, MemoryUtil.getLong(own, i + 24));
    }
    data.advance(size);
    long at = keys.reserveEnds(number);
    for (int i = 1; i <= number; i++) {
      MemoryUtil.putInt(at, base + ends[i]);
      at += Integer.BYTES;
    }
    keys.ended(number);
  }

  /** Becomes the keys of a column from a row on; false if they are too many, or too long. */
  boolean learn(BytesColumn keys, int row, int number) {
    int start = keys.start(row);
    int length = keys.start(row + number) - start;
    if (number > MOST_KEYS || length > MOST_BYTES) {
      return false;
    }
    if (length + STEP > bytes.length) {
      bytes = new byte[Math.min(MOST_BYTES, Math.max(256, 2 * length)) + STEP];
    }
    if (number >= ends.length) {
      ends = new int[Math.min(MOST_KEYS, Math.max(16, 2 * number)) + 1];
    }
    MemoryUtil.copyFromMemory(keys.data().address() + start, bytes, 0, length);
    for (int i = 1; i <= number; i++) {
      ends[i] = keys.start(row + i) - start;
    }
    count = number;
    return true;
  }

  /** Bytes of memory its arrays hold. */
  long capacity() {
    return bytes.length + (long) Integer.BYTES * ends.length;
  }
}
