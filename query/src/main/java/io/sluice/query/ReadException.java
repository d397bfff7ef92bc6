package io.sluice.query;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A read cannot be whole. The message says what is missing and what to do; ask again later. */
public class ReadException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String sentence;

  public ReadException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  /** Who said what, for a sentence about several. */
  String said() {
    return sentence;
  }

  /** Whether it may well go away by itself, or by turning to another Writer. */
  boolean passes() {
    return false;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
