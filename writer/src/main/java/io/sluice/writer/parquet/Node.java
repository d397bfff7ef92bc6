package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnWriteStore;

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

  /** Takes the column writers of a new row group. */
  abstract void attach(ColumnWriteStore store);

  /** Reads from {@code from} up to, not with, {@code to} until the next call. */
  final void bind(FieldVector vector, int from, int to) {
    validity.read(vector, from, to);
    load(vector, from, to);
  }

  abstract void load(FieldVector vector, int from, int to);

  /** Writes one value, null or not. */
  final void write(int index, int repetition) {
    if (validity.isNull(index)) {
      if (nullLevel == presentLevel) {
        throw new IllegalArgumentException(
            "cannot write row " + index + ": a required column is null (" + this + ")");
      }
      writeNull(repetition, nullLevel);
    } else {
      writeValue(index, repetition);
    }
  }

  abstract void writeValue(int index, int repetition);

  /** Writes that there is no value, since this or a parent is null or empty. */
  abstract void writeNull(int repetition, int level);

  /** Writes the rows of a column of the table. */
  final void writeRows(int rows) {
    for (int i = 0; i < rows; i++) {
      write(i, 0);
    }
  }
}
