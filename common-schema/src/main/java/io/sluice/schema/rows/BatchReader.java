package io.sluice.schema.rows;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Reads where a record batch has its columns, and whether they stay inside its body: counts,
 * lengths, offsets and run ends. What passes may be read without further checks; what does not must
 * never reach the log, where it would stop every replay. Copies and allocates nothing of the body.
 *
 * <p>As Arrow's own loader, it looks at a bitmap whatever the count of nulls says, and believes
 * that count, none or all, where there is no bitmap.
 */
final class BatchReader {

  private final RecordBatch header;
  private final long body;
  private final long bodyBytes;
  private final FieldNode node = new FieldNode(); // one for all: it only points to where each is
  private final Buffer buffer = new Buffer(); // the same
  private int nodes;
  private int buffers;
  private long bytes; // of the buffer that was read last

  private BatchReader(RecordBatch header, long body, long bodyBytes) {
    this.header = header;
    this.body = body;
    this.bodyBytes = bodyBytes;
  }

  /**
   * @param body address of its first byte
   * @throws MalformedMessageException not a record batch of the table's wire schema, or one that
   *     points outside itself
   * @throws IndexOutOfBoundsException its header does
   */
  static Source read(Table table, RecordBatch header, long body, long bodyBytes)
      throws MalformedMessageException {
    Shape shape = Shape.of(table);
    int rows = length(header);
    if (header.nodesLength() != shape.columns - 1
        || header.buffersLength() != shape.buffers - 1 // less what the rows would have as a struct
        || header.variadicBufferCountsLength() != 0) {
      throw new MalformedMessageException(
          "cannot load batch: it has %d columns, %d buffers and %d variadic ones, expected %d, %d and 0"
              .formatted(
                  header.nodesLength(),
                  header.buffersLength(),
                  header.variadicBufferCountsLength(),
                  shape.columns - 1,
                  shape.buffers - 1));
    }
    BatchReader reader = new BatchReader(header, body, bodyBytes);
    Source[] columns = reader.children(shape, rows, rows);
    return new Source(shape, rows, 0, 0, 0, 0, columns, null);
  }

  private static int length(RecordBatch header) throws MalformedMessageException {
    long rows = header.length();
    if (rows < 0 || rows > Integer.MAX_VALUE) {
      throw new MalformedMessageException("cannot load batch: it says it has " + rows + " rows");
    }
    return (int) rows;
  }

  /**
   * @param least how many values each must have
   * @param rows of the batch
   */
  private Source[] children(Shape parent, int least, int rows) throws MalformedMessageException {
    Source[] children = new Source[parent.children.length];
    for (int i = 0; i < children.length; i++) {
      children[i] = read(parent.children[i], least, rows);
    }
    return children;
  }

  private Source read(Shape shape, int least, int rows) throws MalformedMessageException {
    FieldNode of = header.nodes(node, nodes++);
    long count = of.length();
    long nulls = of.nullCount();
    if (count < least || count > Integer.MAX_VALUE) {
      throw bad(shape, "has %d values, expected %d".formatted(count, least));
    }
    int values = (int) count;
    if (shape.kind == Shape.Kind.RUNS) {
      return runs(shape, rows);
    }
    long validity = validity(shape, values, nulls);
    return switch (shape.kind) {
      case FIXED -> {
        long data = next(shape, "data", ((long) values * shape.bits + 7) / 8);
        yield new Source(shape, values, data, bytes, 0, validity, Source.NONE, null);
      }
      case BINARY, TEXT -> {
        long offsets = next(shape, "offsets", values == 0 ? 0 : (values + 1L) * Integer.BYTES);
        int end = end(shape, offsets, values);
        long data = next(shape, "data", end);
        yield new Source(shape, values, data, bytes, offsets, validity, Source.NONE, null);
      }
      case LIST, MAP -> {
        long offsets = next(shape, "offsets", values == 0 ? 0 : (values + 1L) * Integer.BYTES);
        Source[] below = children(shape, end(shape, offsets, values), rows);
        yield new Source(shape, values, 0, 0, offsets, validity, below, null);
      }
      case STRUCT ->
          new Source(shape, values, 0, 0, 0, validity, children(shape, values, rows), null);
      case RUNS -> throw new IllegalStateException("cannot read values of runs");
    };
  }

  /** Run ends grow, the last covers all rows, and each run has what it stands for. */
  private Source runs(Shape shape, int rows) throws MalformedMessageException {
    Source ends = read(shape.children[0], 0, rows);
    if (ends.nulls() > 0) {
      throw bad(shape.children[0], "has %d nulls, expected none".formatted(ends.nulls()));
    }
    Source each = read(shape.children[1], ends.values, rows);
    int[] copy = new int[ends.values];
    int before = 0;
    for (int i = 0; i < copy.length; i++) {
      int end = ends.intAt(i);
      if (end <= before) {
        throw bad(shape, "run %d ends at %d after %d".formatted(i, end, before));
      }
      copy[i] = end;
      before = end;
    }
    if (before < rows) {
      throw bad(shape, "runs end at %d of %d rows".formatted(before, rows));
    }
    return each.in(new Runs(copy));
  }

  private long validity(Shape shape, int values, long nulls) throws MalformedMessageException {
    long bitmap = next(shape, "validity", 0);
    if (values == 0) {
      return 0;
    }
    if (bytes == 0 && (nulls == 0 || nulls == values)) {
      return nulls == 0 ? 0 : Source.ALL_NULL;
    }
    if (bytes < (values + 7L) / 8) {
      throw few(shape, "validity", (values + 7L) / 8);
    }
    return Source.nulls(bitmap, values) == 0 ? 0 : bitmap;
  }

  /** The last offset; none falls, and none is negative. */
  private static int end(Shape shape, long offsets, int values) throws MalformedMessageException {
    if (values == 0) {
      return 0;
    }
    int first = MemoryUtil.getInt(offsets);
    if (first < 0) {
      throw bad(shape, "starts at offset " + first);
    }
    int before = first;
    int falling = 0; // a step down has the sign bit, and none can overflow: all are positive
    for (int i = 1; i <= values; i++) {
      int next = MemoryUtil.getInt(offsets + 4L * i);
      falling |= (next - before) | next;
      before = next;
    }
    if (falling < 0) {
      throw falls(shape, offsets, values);
    }
    return before;
  }

  private static MalformedMessageException falls(Shape shape, long offsets, int values) {
    int before = MemoryUtil.getInt(offsets);
    for (long i = 1; i <= values; i++) {
      int next = MemoryUtil.getInt(offsets + 4 * i);
      if (next < before) {
        return bad(shape, "offset %d is %d after %d".formatted(i, next, before));
      }
      before = next;
    }
    throw new IllegalStateException("no offset falls");
  }

  /** The address of the next buffer. */
  private long next(Shape shape, String what, long least) throws MalformedMessageException {
    Buffer of = header.buffers(buffer, buffers++);
    long from = of.offset();
    bytes = of.length();
    if (from < 0 || bytes < 0 || bytes > bodyBytes - from) {
      throw new MalformedMessageException(
          "cannot load batch: buffer %d has %d bytes at %d of %d"
              .formatted(buffers - 1, bytes, from, bodyBytes));
    }
    if (bytes < least) {
      throw few(shape, what, least);
    }
    return body + from;
  }

  private MalformedMessageException few(Shape shape, String what, long least) {
    return bad(shape, "%s has %d bytes, expected %d".formatted(what, bytes, least));
  }

  private static MalformedMessageException bad(Shape shape, String what) {
    return new MalformedMessageException("cannot load batch: %s %s".formatted(shape.name, what));
  }
}
