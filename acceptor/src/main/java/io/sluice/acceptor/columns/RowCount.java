package io.sluice.acceptor.columns;

/**
 * How many rows a column has: asked for each row and in one step, whatever the column is.
 *
 * @param buffer what grows with each row
 * @param shift a row's bytes in it, as a power of two
 * @param head what is in it before the first row, in rows
 */
record RowCount(ColumnBuffer buffer, int shift, int head) {

  int get() {
    return (buffer.size() >> shift) - head;
  }
}
