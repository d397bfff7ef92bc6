package io.sluice.writer.parquet;

import java.util.function.Function;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;

/**
 * One field of a table: turns a range of a vector into values with Parquet's repetition and
 * definition levels. Bound to one range of one vector at a time; indexes count from its begin. One
 * thread uses it.
 */
abstract class Node {

  /** Definition level of a null here, with every parent present. */
  final int nullLevel;

  /** Definition level of a value here. */
  final int presentLevel;

  private final Validity validity = new Validity();

  /**
   * @param parentLevel definition level of the parent being present
   */
  Node(int parentLevel, boolean optional) {
    this.nullLevel = parentLevel;
    this.presentLevel = optional ? parentLevel + 1 : parentLevel;
  }

  /** Takes the column chunks of a new row group. */
  abstract void attach(Function<ColumnDescriptor, ColumnChunk> chunks);

  /** Reads from {@code from} up to, not with, {@code to} until the next call. */
  final void bind(FieldVector vector, int from, int to) {
    validity.read(vector, from, to);
    load(vector, from, to);
  }

  abstract void load(FieldVector vector, int from, int to);

  final Validity validity() {
    return validity;
  }

  /** Whether a value is null, which it must not be if the field is required. */
  final boolean isNull(int index) {
    boolean isNull = validity.isNull(index);
    if (isNull && nullLevel == presentLevel) {
      throw new IllegalArgumentException(
          "cannot write row " + index + ": a required column is null (" + this + ")");
    }
    return isNull;
  }

  /** Writes what is in the slots. */
  abstract void write(Slots slots);
}
