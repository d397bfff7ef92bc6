package io.sluice.schema.rows;

import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Lists, of structs or of plain values. */
final class ListColumn implements WireColumn {

  private final int child;
  private final WireColumn element;
  private final GrowingList out;
  private int[] elements = new int[64];

  /**
   * @param element the column that is child 0 of the list
   */
  ListColumn(BufferAllocator allocator, int child, WireColumn element) {
    this.child = child;
    this.element = element;
    this.out = new GrowingList(allocator, element.out());
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    Source source = parent.children[child];
    long ends = out.offsetRoom(to - from);
    int before = element.out().count;
    int taken = 0;
    for (int i = from; i < to; i++, ends += Integer.BYTES) {
      if (source.isNull(index[i])) {
        out.setNull(out.count + i - from);
      } else {
        taken = addElements(source.start(index[i]), source.start(index[i] + 1), taken);
      }
      MemoryUtil.putInt(ends, Math.addExact(before, taken));
    }
    if (taken > 0) {
      element.append(source, elements, 0, taken);
    }
    out.count += to - from;
  }

  private int addElements(int start, int end, int taken) {
    int all = Math.addExact(taken, end - start);
    if (all > elements.length) {
      elements = Arrays.copyOf(elements, Math.max(all, 2 * elements.length));
    }
    for (int i = start; i < end; i++) {
      elements[taken + i - start] = i;
    }
    return all;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    if (from == to) {
      return 0;
    }
    Source source = parent.children[child];
    return 5L * (to - from) + element.bytes(source, source.start(from), source.start(to));
  }
}
