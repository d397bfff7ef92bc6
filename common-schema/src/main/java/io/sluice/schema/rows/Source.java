package io.sluice.schema.rows;

import io.sluice.schema.table.Table;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.jspecify.annotations.Nullable;

/**
 * A wire column as addresses. A run-end encoded column is the struct of what each run has; rows are
 * a struct of their columns. Valid as long as the memory below it.
 */
final class Source {

  static final Source[] NONE = {};

  /** In the place of a bitmap's address: every value is null. */
  static final long ALL_NULL = -1;

  final Shape shape;
  final int values;

  /** Of fixed and variable-width values; else 0. */
  final long data;

  /** From {@code data} on. */
  final long dataBytes;

  /** Of variable-width values and lists; else 0. */
  final long offsets;

  /** Address of the bitmap; 0 = no value is null; or {@link #ALL_NULL}. */
  final long validity;

  final Source[] children;

  /** Of a run-end encoded column. */
  final @Nullable Runs runs;

  Source(
      Shape shape,
      int values,
      long data,
      long dataBytes,
      long offsets,
      long validity,
      Source[] children,
      @Nullable Runs runs) {
    this.shape = shape;
    this.values = values;
    this.data = data;
    this.dataBytes = dataBytes;
    this.offsets = offsets;
    this.validity = validity;
    this.children = children;
    this.runs = runs;
  }

  /** The same, by whose runs rows have it. */
  Source in(Runs of) {
    return new Source(shape, values, data, dataBytes, offsets, validity, children, of);
  }

  /** Of vectors of the table's wire schema. */
  static Source of(Table table, VectorSchemaRoot root) {
    Source[] columns = children(root.getFieldVectors());
    return new Source(Shape.of(table), root.getRowCount(), 0, 0, 0, 0, columns, null);
  }

  static Source of(FieldVector vector) {
    if (vector instanceof RunEndEncodedVector encoded) {
      return of(encoded.getValuesVector()).in(Runs.of(encoded));
    }
    Shape shape = Shape.of(vector.getField());
    int values = vector.getValueCount();
    long validity = vector.getNullCount() == 0 ? 0 : vector.getValidityBuffer().memoryAddress();
    if (vector instanceof BaseFixedWidthVector) {
      ArrowBuf data = vector.getDataBuffer();
      return new Source(
          shape, values, data.memoryAddress(), data.capacity(), 0, validity, NONE, null);
    }
    if (vector instanceof BaseVariableWidthVector) {
      ArrowBuf data = vector.getDataBuffer();
      long offsets = vector.getOffsetBuffer().memoryAddress();
      return new Source(
          shape, values, data.memoryAddress(), data.capacity(), offsets, validity, NONE, null);
    }
    long offsets = vector instanceof ListVector ? vector.getOffsetBuffer().memoryAddress() : 0;
    Source[] below = children(vector.getChildrenFromFields());
    return new Source(shape, values, 0, 0, offsets, validity, below, null);
  }

  private static Source[] children(List<FieldVector> fields) {
    return fields.stream().map(Source::of).toArray(Source[]::new);
  }

  /** How many values are null. */
  int nulls() {
    if (validity == 0) {
      return 0;
    }
    return validity == ALL_NULL ? values : nulls(validity, values);
  }

  /**
   * @param bitmap its address
   */
  static int nulls(long bitmap, int values) {
    int set = 0;
    int i = 0;
    for (; i <= values - Long.SIZE; i += Long.SIZE) {
      set += Long.bitCount(MemoryUtil.getLong(bitmap + (i >>> 3)));
    }
    for (; i < values; i++) {
      set += MemoryUtil.getByte(bitmap + (i >>> 3)) >>> (i & 7) & 1;
    }
    return values - set;
  }

  boolean isNull(int index) {
    return validity != 0
        && (validity == ALL_NULL
            || (MemoryUtil.getByte(validity + (index >>> 3)) >>> (index & 7) & 1) == 0);
  }

  /** Where value {@code index} starts in {@code data} or in the list's elements. */
  int start(int index) {
    return MemoryUtil.getInt(offsets + 4L * index);
  }

  long longAt(int index) {
    return MemoryUtil.getLong(data + 8L * index);
  }

  int intAt(int index) {
    return MemoryUtil.getInt(data + 4L * index);
  }

  byte[] bytesAt(int index) {
    int start = start(index);
    byte[] bytes = new byte[start(index + 1) - start];
    MemoryUtil.copyFromMemory(data + start, bytes, 0, bytes.length);
    return bytes;
  }

  /** Bytes of the values {@code from..to}, roughly: no fixed value has more than 8. */
  long bytes(int from, int to) {
    if (from == to) {
      return 0;
    }
    long bytes = 0;
    int first = offsets == 0 ? from : start(from);
    int last = offsets == 0 ? to : start(to);
    for (Source child : children) {
      bytes += child.bytes(first, last);
    }
    if (offsets != 0) {
      bytes += 4L * (to - from) + (data == 0 ? 0 : last - first);
    } else if (data != 0) {
      bytes += 8L * (to - from);
    }
    return bytes;
  }
}
