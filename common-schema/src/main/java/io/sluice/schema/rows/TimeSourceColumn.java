package io.sluice.schema.rows;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Where the column time is from. */
final class TimeSourceColumn implements RowColumn {

  private static final int LONGEST = 8;

  private final GrowingBytes out;
  private final Map<TimeSource, byte[]> texts = new EnumMap<>(TimeSource.class);

  TimeSourceColumn(BufferAllocator allocator) {
    this.out = new GrowingBytes(allocator);
    for (TimeSource source : TimeSource.values()) {
      String text = source.text();
      texts.put(source, (text == null ? "" : text).getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(WireBatch batch, Selection rows, int from, int to) {
    int[] index = rows.at(Level.ROW);
    long ends = out.offsetRoom(to - from);
    int range = 0;
    for (int i = from; i < to; i++, ends += Integer.BYTES) {
      range = batch.ranges().of(index[i], range);
      TimeSource source = batch.time().source(index[i], batch.receivedOfRange(range));
      MemoryUtil.putInt(ends, add(source, out.count + i - from));
    }
    out.count += to - from;
  }

  private int add(TimeSource source, int row) {
    if (source == TimeSource.EVENT) {
      out.setNull(row);
      return out.end();
    }
    byte[] text = requireNonNull(texts.get(source));
    MemoryUtil.copyToMemory(text, 0, out.dataRoom(text.length), text.length);
    return out.advance(text.length);
  }

  @Override
  public long bytes(WireBatch batch, int from, int to) {
    return (long) (LONGEST + 5) * (to - from);
  }
}
