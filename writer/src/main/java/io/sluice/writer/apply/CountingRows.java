package io.sluice.writer.apply;

import io.sluice.schema.wire.PutMetadata;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** Which rows of a record count: those of its batches that are no repeats. */
final class CountingRows {

  /** The rows of the batches that count, ascending. */
  static int[] of(PutMetadata metadata, IntPredicate isVoid) {
    int[] rows = new int[Math.toIntExact(metadata.rows())];
    int n = 0;
    int row = 0;
    for (int i = 0; i < metadata.batches().size(); i++) {
      int end = row + metadata.batches().get(i).rows();
      if (isVoid.test(i)) {
        row = end;
      }
      for (; row < end; row++) {
        rows[n++] = row;
      }
    }
    return n == rows.length ? rows : Arrays.copyOf(rows, n);
  }

  private CountingRows() {}
}
