package io.sluice.query.replay;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A replay cannot go on. The message says why and what to do. */
public final class ReplayException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  ReplayException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
