package io.sluice.schema.service;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * What the service had stored is damaged. The message is all its user needs, a trace would say that
 * it is a bug; exit code 1.
 */
public final class DamagedException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public DamagedException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
