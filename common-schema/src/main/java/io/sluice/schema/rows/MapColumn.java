package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Attributes. The entries of one map, and of maps that are neighbours in the source, lie together:
 * their keys are one copy, their values another.
 */
final class MapColumn implements WireColumn {

  private final int child;
  private final BytesColumn keys;
  private final BytesColumn values;
  private final GrowingStruct entries;
  private final GrowingList out;

  MapColumn(BufferAllocator allocator, int child) {
    this.child = child;
    this.keys = new BytesColumn(allocator, 0);
    this.values = new BytesColumn(allocator, 1);
    this.entries = new GrowingStruct(allocator, keys.out(), values.out());
    this.out = new GrowingList(allocator, entries);
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    Source source = parent.children[child];
    long ends = out.offsetRoom(to - from);
    int i = from;
    while (i < to) {
      int first = index[i];
      int n = 1;
      if (source.isNull(first)) {
        out.setNull(out.count + i - from);
        MemoryUtil.putInt(ends, entries.count);
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

  private void copy(Source source, int first, int n, long ends) {
    int start = source.start(first);
    int end = source.start(first + n);
    int shift = entries.count - start;
    for (int j = 0; j < n; j++) {
      MemoryUtil.putInt(ends + 4L * j, source.start(first + j + 1) + shift);
    }
    Source from = source.children[0];
    keys.appendRange(from.children[0], start, end);
    values.appendRange(from.children[1], start, end);
    entries.count += end - start;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    if (from == to) {
      return 0;
    }
    Source source = parent.children[child];
    Source inner = source.children[0];
    int start = source.start(from);
    int end = source.start(to);
    return WireColumn.fixedBytes(to - from, Integer.BYTES)
        + (end - start + 7) / 8
        + keys.bytes(inner, start, end)
        + values.bytes(inner, start, end);
  }
}
