package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Structs in lists; none of them is null. */
final class StructColumn implements WireColumn {

  private final List<WireColumn> fields;
  private final GrowingStruct out;

  StructColumn(BufferAllocator allocator, List<WireColumn> fields) {
    this.fields = fields;
    this.out =
        new GrowingStruct(allocator, fields.stream().map(WireColumn::out).toArray(Growing[]::new));
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    Source source = parent.children[0];
    for (WireColumn field : fields) {
      field.append(source, index, from, to);
    }
    out.count += to - from;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    Source source = parent.children[0];
    long bytes = (to - from) / 8 + 1L;
    for (WireColumn field : fields) {
      bytes += field.bytes(source, from, to);
    }
    return bytes;
  }
}
