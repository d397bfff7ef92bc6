package io.sluice.query;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The statement is wrong, or not one that is run here: only its author can mend it. */
public final class SqlException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  SqlException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
