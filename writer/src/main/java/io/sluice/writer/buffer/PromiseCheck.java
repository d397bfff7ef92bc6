package io.sluice.writer.buffer;

import io.sluice.schema.wire.MalformedMessageException;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.BufferLayout.BufferType;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.ArrowType.ArrowTypeID;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * What a record batch promises of lengths, before it is loaded: Arrow allocates what it lacks, so
 * that one wrong offset could take all memory there is. Afterwards {@link VectorCheck} looks at the
 * whole.
 */
final class PromiseCheck {

  /** The widest table has some hundred columns, those of lists in them counted. */
  private static final int MOST_PARTS = 4096;

  private final Iterator<ArrowFieldNode> nodes;
  private final Iterator<ArrowBuf> buffers;

  private PromiseCheck(ArrowRecordBatch batch) {
    nodes = batch.getNodes().iterator();
    buffers = batch.getBuffers().iterator();
  }

  /**
   * Every buffer lies inside the body: what Arrow has sliced when it meets one that does not, it
   * does not give back. And there are no more than a table may have: Arrow makes an object of each.
   */
  static void ranges(RecordBatch header, long body) throws MalformedMessageException {
    int parts = Math.max(header.nodesLength(), header.buffersLength());
    if (parts > MOST_PARTS || header.variadicBufferCountsLength() > 0) {
      throw new MalformedMessageException(
          "cannot load batch: it has %d columns, %d buffers and %d variadic ones"
              .formatted(
                  header.nodesLength(),
                  header.buffersLength(),
                  header.variadicBufferCountsLength()));
    }
    Buffer buffer = new Buffer(); // one for all: it only points to where each is
    for (int i = 0; i < header.buffersLength(); i++) {
      long from = header.buffers(buffer, i).offset();
      long length = buffer.length();
      if (from < 0 || length < 0 || length > body - from) {
        throw new MalformedMessageException(
            "cannot load batch: buffer %d has %d bytes at %d of %d"
                .formatted(i, length, from, body));
      }
    }
  }

  /**
   * @throws MalformedMessageException a column has fewer bytes than its values take
   * @throws java.util.NoSuchElementException it has fewer columns or buffers than the fields
   */
  static void check(ArrowRecordBatch batch, List<Field> fields) throws MalformedMessageException {
    PromiseCheck check = new PromiseCheck(batch);
    for (Field field : fields) {
      check.field(field, batch.getLength());
    }
  }

  private void field(Field field, long least) throws MalformedMessageException {
    long values = nodes.next().getLength();
    if (values < least || values > Integer.MAX_VALUE) {
      throw bad(field, "has %d values, expected %d".formatted(values, least));
    }
    long inside = values;
    long end = -1;
    for (BufferLayout layout : TypeLayout.getTypeLayout(field.getType()).getBufferLayouts()) {
      ArrowBuf buffer = buffers.next();
      if (layout.getType() == BufferType.OFFSET) {
        atLeast(field, buffer, values == 0 ? 0 : (values + 1) * Integer.BYTES);
        end = values == 0 ? 0 : buffer.getInt(values * Integer.BYTES);
        inside = end;
      } else if (layout.getType() == BufferType.VALIDITY && buffer.capacity() > 0) {
        atLeast(field, buffer, (values + 7) / 8); // or Arrow makes it longer, and leaks if it fails
      } else if (layout.getType() == BufferType.DATA) {
        atLeast(field, buffer, end >= 0 ? end : (values * layout.getTypeBitWidth() + 7) / 8);
      }
    }
    if (inside < 0) {
      throw bad(field, "ends at offset " + inside);
    }
    boolean runs = field.getType().getTypeID() == ArrowTypeID.RunEndEncoded;
    for (Field child : field.getChildren()) {
      field(child, runs ? 0 : inside);
    }
  }

  private static void atLeast(Field field, ArrowBuf buffer, long bytes)
      throws MalformedMessageException {
    if (buffer.capacity() < bytes) {
      throw bad(field, "has %d bytes, expected %d".formatted(buffer.capacity(), bytes));
    }
  }

  private static MalformedMessageException bad(Field field, String what) {
    return new MalformedMessageException(
        "cannot load batch: %s %s".formatted(field.getName(), what));
  }
}
