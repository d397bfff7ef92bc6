package io.sluice.acceptor.decode;

import io.sluice.schema.otlp.RowsToOtlp;
import io.sluice.schema.wire.PutLimits;

/**
 * What one request may hold.
 *
 * @param records spans, log records or data points, and groups without any
 * @param columnBytes bytes of its columns
 * @param partBytes bytes of the columns of one part, which travels whole
 * @param expandedBytes the same with resource, scope and metric repeated in every row, as readers
 *     get them
 * @param valueLevels AnyValues inside each other; a record with more is rejected alone
 */
public record DecodeLimits(
    int records, long columnBytes, long partBytes, long expandedBytes, int valueLevels) {

  public static final DecodeLimits DEFAULT =
      new DecodeLimits(2_000_000, 1L << 30, PutLimits.BATCH_BYTES, 1L << 30, 64);

  private static final int MOST_LEVELS = RowsToOtlp.MOST_VALUE_LEVELS;

  /**
   * While a request grows, its buffers take up to twice what is in them, and one of them is there
   * twice while it is copied: this part of the memory is what a request can have when it is alone.
   */
  private static final int MEMORY_PER_REQUEST = 4;

  /** The same where there is no more than so much memory for all columns. */
  public DecodeLimits within(long memory) {
    long columns = Math.min(columnBytes, memory / MEMORY_PER_REQUEST);
    return new DecodeLimits(records, columns, partBytes, expandedBytes, valueLevels);
  }

  public DecodeLimits {
    if (valueLevels < 1 || valueLevels > MOST_LEVELS) {
      throw new IllegalArgumentException(
          "cannot decode to " + valueLevels + " value levels: must be 1 to " + MOST_LEVELS);
    }
  }
}
