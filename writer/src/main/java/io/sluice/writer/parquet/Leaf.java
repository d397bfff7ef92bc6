package io.sluice.writer.parquet;

import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.jspecify.annotations.Nullable;

/** A field without parts: a Parquet column. */
abstract class Leaf extends Node {

  private final ColumnDescriptor column;
  private @Nullable ColumnWriter writer;

  Leaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(parentLevel, optional);
    this.column = column;
  }

  @Override
  final void attach(ColumnWriteStore store) {
    writer = store.getColumnWriter(column);
  }

  final ColumnWriter writer() {
    return Objects.requireNonNull(writer);
  }

  @Override
  void writeNull(int repetition, int level) {
    writer().writeNull(repetition, level);
  }

  @Override
  public String toString() {
    return String.join(".", column.getPath());
  }
}
