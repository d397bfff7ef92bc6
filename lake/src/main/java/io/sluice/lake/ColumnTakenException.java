package io.sluice.lake;

import java.io.IOException;

/** An attribute cannot be promoted: the table has a column of that name that is something else. */
public final class ColumnTakenException extends IOException {

  private static final long serialVersionUID = 1;

  ColumnTakenException(String message) {
    super(message);
  }
}
