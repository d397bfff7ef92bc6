package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;

/**
 * A loaded wire vector as addresses. A run-end encoded vector is its values struct; a root is a
 * struct of its columns. Valid as long as the vector holds its buffers.
 */
final class Source {

  private static final Source[] NONE = {};

  /** Of fixed and variable-width values; else 0. */
  final long data;

  /** Of variable-width values and lists; else 0. */
  final long offsets;

  /** Address of the bitmap; 0 = no value is null. */
  final long validity;

  final Source[] children;

  private Source(long data, long offsets, long validity, Source[] children) {
    this.data = data;
    this.offsets = offsets;
    this.validity = validity;
    this.children = children;
  }

  static Source struct(List<FieldVector> fields) {
    return new Source(0, 0, 0, children(fields));
  }

  static Source of(FieldVector vector) {
    if (vector instanceof RunEndEncodedVector runs) {
      return of(runs.getValuesVector());
    }
    long validity = vector.getNullCount() == 0 ? 0 : vector.getValidityBuffer().memoryAddress();
    if (vector instanceof BaseFixedWidthVector) {
      return new Source(vector.getDataBuffer().memoryAddress(), 0, validity, NONE);
    }
    if (vector instanceof BaseVariableWidthVector) {
      return new Source(
          vector.getDataBuffer().memoryAddress(),
          vector.getOffsetBuffer().memoryAddress(),
          validity,
          NONE);
    }
    long offsets = vector instanceof ListVector ? vector.getOffsetBuffer().memoryAddress() : 0;
    return new Source(0, offsets, validity, children(vector.getChildrenFromFields()));
  }

  private static Source[] children(List<FieldVector> fields) {
    return fields.stream().map(Source::of).toArray(Source[]::new);
  }

  boolean isNull(int index) {
    return validity != 0 && (MemoryUtil.getByte(validity + (index >>> 3)) >>> (index & 7) & 1) == 0;
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
