package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Strings and binary values, as they are. Neighbours in the source are copied in one go. */
final class BytesColumn implements WireColumn {

  private final int child;
  private final GrowingBytes out;

  BytesColumn(BufferAllocator allocator, int child) {
    this.child = child;
    this.out = new GrowingBytes(allocator);
  }

  @Override
  public GrowingBytes out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    appendOf(parent.children[child], index, from, to);
  }

  /** The same, of a source that is no child; an index below 0 is null. */
  void appendOf(Source source, int[] index, int from, int to) {
    long ends = out.offsetRoom(to - from);
    int i = from;
    while (i < to) {
      int first = index[i];
      int n = 1;
      if (first < 0 || source.isNull(first)) {
        out.setNull(out.count + i - from);
        MemoryUtil.putInt(ends, out.end());
      } else {
        while (source.validity == 0 && i + n < to && index[i + n] == first + n) {
          n++;
        }
        copy(source, first, n, ends);
      }
      i += n;
      ends += 4L * n;
    }
    out.count += to - from;
  }

  /** Appends {@code n} values from {@code first}, none of them null, with their ends. */
  private void copy(Source source, int first, int n, long ends) {
    int start = source.start(first);
    int bytes = source.start(first + n) - start;
    Memory.copy(source.data + start, out.dataRoom(bytes), bytes);
    int shift = out.end() - start;
    for (int j = 0; j < n; j++) {
      MemoryUtil.putInt(ends + 4L * j, source.start(first + j + 1) + shift);
    }
    out.advance(bytes);
  }

  /** Appends the values {@code from..to}, some of which may be null. */
  void appendRange(Source source, int from, int to) {
    int n = to - from;
    if (n == 0) {
      return;
    }
    long ends = out.offsetRoom(n);
    for (int i = 0; source.validity != 0 && i < n; i++) {
      if (source.isNull(from + i)) {
        out.setNull(out.count + i);
      }
    }
    copy(source, from, n, ends);
    out.count += n;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    Source source = parent.children[child];
    return bytesOf(source, from, to);
  }

  /** An empty vector may have no offsets at all: they are not looked at. */
  static long bytesOf(Source source, int from, int to) {
    if (from == to) {
      return 0;
    }
    return 4L * (to - from) + source.start(to) - source.start(from) + (to - from + 7) / 8;
  }
}
