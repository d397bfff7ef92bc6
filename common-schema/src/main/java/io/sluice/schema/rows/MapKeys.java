package io.sluice.schema.rows;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.memory.util.MemoryUtil;

/** Whether each map of a column has each of its keys once. Keys must be UTF-8 and none null. */
final class MapKeys {

  /** Up to here, comparing each with each is cheaper than a set. */
  private static final int FEW = 32;

  static boolean areDistinct(Source maps) {
    Source keys = maps.children[0].children[0];
    if (maps.values == 0 || keys.values == 0) {
      return true;
    }
    long ends = maps.offsets;
    long[] marks = new long[FEW];
    int before = 0;
    int from = MemoryUtil.getInt(ends);
    for (int i = 1; i <= maps.values; i++) {
      int to = MemoryUtil.getInt(ends + 4L * i);
      if (i == 1 || to - from != from - before || !areEqual(keys, before, from, to - from)) {
        boolean distinct = to - from <= FEW ? few(keys, from, to, marks) : many(keys, from, to);
        if (!distinct) {
          return false;
        }
      }
      before = from;
      from = to;
    }
    return true;
  }

  /** Neighbouring maps mostly have the same keys: then the one is as distinct as the other. */
  private static boolean areEqual(Source keys, int a, int b, int count) {
    long offsets = keys.offsets;
    int startA = MemoryUtil.getInt(offsets + 4L * a);
    int startB = MemoryUtil.getInt(offsets + 4L * b);
    int shift = startB - startA;
    for (int i = 1; i <= count; i++) {
      if (MemoryUtil.getInt(offsets + 4L * (b + i)) - MemoryUtil.getInt(offsets + 4L * (a + i))
          != shift) {
        return false;
      }
    }
    int length = MemoryUtil.getInt(offsets + 4L * (a + count)) - startA;
    return equal(keys.data + startA, keys.data + startB, length);
  }

  private static boolean few(Source keys, int from, int to, long[] marks) {
    long offsets = keys.offsets;
    long data = keys.data;
    long dataEnd = data + keys.dataBytes;
    int start = to == from ? 0 : MemoryUtil.getInt(offsets + 4L * from);
    long met = 0; // two of 64 bits for each mark: where they are not set, no mark is the same
    for (int i = 0; i < to - from; i++) {
      int end = MemoryUtil.getInt(offsets + 4L * (from + i + 1));
      long mark = mark(data + start, end - start, dataEnd);
      long mixed = mark * 0xD6E8FEB86659FD93L;
      long bits = (1L << (mixed >>> 58)) | (1L << (mixed >>> 52));
      if ((met & bits) == bits && isAmong(marks, i, mark, keys, from)) {
        return false;
      }
      met |= bits;
      marks[i] = mark;
      start = end;
    }
    return true;
  }

  private static boolean isAmong(long[] marks, int i, long mark, Source keys, int from) {
    for (int j = 0; j < i; j++) {
      if (marks[j] == mark && equal(keys, from + i, from + j)) {
        return true;
      }
    }
    return false;
  }

  /** Equal for equal keys, and seldom for others: the last bytes and the length. */
  private static long mark(long address, int length, long dataEnd) {
    long mark = length * 0x9E3779B97F4A7C15L;
    if (length >= 8) {
      return mark + MemoryUtil.getLong(address + length - 8);
    }
    if (address + 8 <= dataEnd) {
      return mark + (MemoryUtil.getLong(address) & ((1L << (length << 3)) - 1));
    }
    for (int i = 0; i < length; i++) {
      mark += (MemoryUtil.getByte(address + i) & 0xffL) << (i << 3);
    }
    return mark;
  }

  private static boolean equal(Source keys, int a, int b) {
    int length = keys.start(a + 1) - keys.start(a);
    return length == keys.start(b + 1) - keys.start(b)
        && equal(keys.data + keys.start(a), keys.data + keys.start(b), length);
  }

  private static boolean equal(long a, long b, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (MemoryUtil.getLong(a + i) != MemoryUtil.getLong(b + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (MemoryUtil.getByte(a + i) != MemoryUtil.getByte(b + i)) {
        return false;
      }
    }
    return true;
  }

  /** Strings, because a set of them stays fast whatever somebody thinks up. */
  private static boolean many(Source keys, int from, int to) {
    Set<String> met = new HashSet<>();
    for (int i = from; i < to; i++) {
      if (!met.add(new String(keys.bytesAt(i), StandardCharsets.UTF_8))) {
        return false;
      }
    }
    return true;
  }

  private MapKeys() {}
}
