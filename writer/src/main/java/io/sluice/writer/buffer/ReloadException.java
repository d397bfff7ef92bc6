package io.sluice.writer.buffer;

import java.io.Serial;

/** The reader's snapshot of the table is older than what is still hot: load the table again. */
public final class ReloadException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  ReloadException(TableKey table, long after, long letGo) {
    super(
        "cannot read %s after position %d: rows up to %d are in the table only (reload the table and give its mark as \"after\"; or take a ticket of GetFlightInfo)"
            .formatted(table, after, letGo));
  }
}
