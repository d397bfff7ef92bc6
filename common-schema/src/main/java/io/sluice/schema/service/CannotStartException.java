package io.sluice.schema.service;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The service cannot start as this machine is: a busy port, a full disk, a directory that another
 * process has. The message is all its user needs; exit code 2.
 */
public class CannotStartException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public CannotStartException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
