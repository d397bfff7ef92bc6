package io.sluice.writer.parquet;

import java.util.Objects;
import java.util.function.Function;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/** A field without parts: a Parquet column. */
abstract class Leaf extends Node {

  private final ColumnDescriptor column;
  private @Nullable ColumnChunk chunk;

  Leaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(parentLevel, optional);
    this.column = column;
  }

  @Override
  final void attach(Function<ColumnDescriptor, ColumnChunk> chunks) {
    chunk = chunks.apply(column);
  }

  final ColumnChunk chunk() {
    return Objects.requireNonNull(chunk);
  }

  @Override
  final void write(Slots slots) {
    ColumnChunk out = chunk();
    slots.repetitionsTo(out.repetitions());
    int count = slots.count();
    if (slots.isEmpty()) {
      addNulls(out, slots.emptyLevel(), count);
    } else if (slots.isDense()) {
      addRange(out, 0, count);
    } else {
      int i = 0;
      while (i < count) {
        int place = slots.place(i);
        int end = i + 1;
        if (place < 0) {
          while (end < count && slots.place(end) == place) {
            end++;
          }
          addNulls(out, ~place, end - i);
        } else {
          while (end < count && slots.place(end) == place + end - i) {
            end++;
          }
          addRange(out, place, place + end - i);
        }
        i = end;
      }
    }
  }

  /** Neighbours in the vector, null or not. */
  private void addRange(ColumnChunk out, int from, int to) {
    int i = from;
    while (i < to) {
      int end = validity().runEnd(i, to);
      if (isNull(i)) {
        addNulls(out, nullLevel, end - i);
      } else {
        out.addPresent(presentLevel, end - i);
        addValues(out, i, end);
      }
      i = end;
    }
  }

  /** Adds the values {@code from..to}, none of them null. */
  abstract void addValues(ColumnChunk out, int from, int to);

  void addNulls(ColumnChunk out, int level, int times) {
    out.addNulls(level, times);
  }

  @Override
  public String toString() {
    return String.join(".", column.getPath());
  }
}
