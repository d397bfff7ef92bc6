package io.sluice.writer.buffer;

import io.sluice.schema.wire.MalformedMessageException;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Whether loaded vectors stay inside their own memory: lengths, offsets and run ends. What passes
 * may be read without further checks; what does not must never reach the log, where it would stop
 * every replay.
 */
final class VectorCheck {

  static void check(VectorSchemaRoot root) throws MalformedMessageException {
    for (FieldVector vector : root.getFieldVectors()) {
      check(vector, root.getRowCount());
    }
  }

  private static void check(FieldVector vector, int rows) throws MalformedMessageException {
    if (vector.getValueCount() < rows) {
      throw bad(vector, "has %d values, expected %d".formatted(vector.getValueCount(), rows));
    }
    if (vector instanceof RunEndEncodedVector runs) {
      checkRuns(runs, rows);
      return;
    }
    int values = vector.getValueCount();
    atLeast(vector, "validity", vector.getValidityBuffer(), (values + 7L) / 8);
    if (vector instanceof BaseVariableWidthVector texts) {
      long end = offsets(vector, texts.getOffsetBuffer(), values);
      atLeast(vector, "data", texts.getDataBuffer(), end);
    } else if (vector instanceof ListVector list) {
      long end = offsets(vector, list.getOffsetBuffer(), values);
      check(list.getDataVector(), Math.toIntExact(end));
    } else if (vector instanceof StructVector struct) {
      for (FieldVector child : struct.getChildrenFromFields()) {
        check(child, values);
      }
    } else if (vector instanceof BitVector bits) {
      atLeast(vector, "data", bits.getDataBuffer(), (values + 7L) / 8);
    } else if (vector instanceof BaseFixedWidthVector fixed) {
      atLeast(vector, "data", fixed.getDataBuffer(), (long) values * fixed.getTypeWidth());
    } else {
      throw bad(vector, "is of a type that no table has");
    }
  }

  /** Run ends grow, the last covers all rows, and each run has a value. */
  private static void checkRuns(RunEndEncodedVector vector, int rows)
      throws MalformedMessageException {
    List<FieldVector> children = vector.getChildrenFromFields();
    IntVector ends = (IntVector) children.get(0);
    int runs = ends.getValueCount();
    check(ends, runs);
    check(children.get(1), runs);
    int before = 0;
    for (int i = 0; i < runs; i++) {
      int end = ends.getDataBuffer().getInt(i * 4L);
      if (end <= before) {
        throw bad(vector, "run %d ends at %d after %d".formatted(i, end, before));
      }
      before = end;
    }
    if (before < rows) {
      throw bad(vector, "runs end at %d of %d rows".formatted(before, rows));
    }
  }

  private static long offsets(FieldVector vector, ArrowBuf offsets, int values)
      throws MalformedMessageException {
    if (values == 0) {
      return 0;
    }
    atLeast(vector, "offsets", offsets, (values + 1L) * 4);
    long ends = offsets.memoryAddress();
    int first = MemoryUtil.getInt(ends);
    if (first < 0) {
      throw bad(vector, "starts at offset " + first);
    }
    int before = first;
    int falling =
        0; // a step down has the sign bit, and none can overflow: all offsets are positive
    for (int i = 1; i <= values; i++) {
      int next = MemoryUtil.getInt(ends + 4L * i);
      falling |= (next - before) | next;
      before = next;
    }
    if (falling < 0) {
      throw falls(vector, ends, values);
    }
    return before;
  }

  private static MalformedMessageException falls(FieldVector vector, long ends, int values) {
    int before = MemoryUtil.getInt(ends);
    for (long i = 1; i <= values; i++) {
      int next = MemoryUtil.getInt(ends + 4 * i);
      if (next < before) {
        return bad(vector, "offset %d is %d after %d".formatted(i, next, before));
      }
      before = next;
    }
    throw new IllegalStateException("no offset falls");
  }

  private static void atLeast(FieldVector vector, String what, ArrowBuf buffer, long bytes)
      throws MalformedMessageException {
    if (buffer.capacity() < bytes) {
      throw bad(vector, "%s has %d bytes, expected %d".formatted(what, buffer.capacity(), bytes));
    }
  }

  private static MalformedMessageException bad(FieldVector vector, String what) {
    return new MalformedMessageException(
        "cannot load batch: %s %s".formatted(vector.getField().getName(), what));
  }

  private VectorCheck() {}
}
