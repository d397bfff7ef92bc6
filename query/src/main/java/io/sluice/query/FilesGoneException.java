package io.sluice.query;

import io.sluice.schema.table.Table;
import java.io.Serial;

/** Files of the snapshot that is read were deleted meanwhile: a newer one has the rows. */
public final class FilesGoneException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  FilesGoneException(Table table, String file, Throwable cause) {
    super(
        "cannot read table %s: %s is gone, as other engines have expired snapshots since the table was loaded (run it again)"
            .formatted(table, file),
        cause);
  }

  @Override
  boolean passes() {
    return true;
  }
}
