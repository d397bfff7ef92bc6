package io.sluice.query;

import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** The rows of one piece, a batch at a time. One thread uses it. */
public final class PieceRows implements AutoCloseable {

  private final SqlResult result;
  private final LocalCopies copies;

  /**
   * @param copies of what is not on this machine; closed with the rows
   */
  PieceRows(SqlResult result, LocalCopies copies) {
    this.result = result;
    this.copies = copies;
  }

  /**
   * The next rows, which are valid until it is called again; null if there are no more.
   *
   * @throws ReadException the file is gone, or was never readable
   */
  public @Nullable VectorSchemaRoot next() throws ReadException, SqlException {
    return result.next() ? result.root() : null;
  }

  @Override
  public void close() throws SqlException, IOException {
    try (copies) {
      result.close();
    }
  }
}
