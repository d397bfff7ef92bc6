package io.sluice.query;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A read cannot be whole. The message says what is missing and what to do; ask again later. */
public class ReadException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String sentence;

  ReadException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  /** It comes in the middle of a read, of which nothing can be kept. */
  ReadException onTheWay() {
    return new ReadException(sentence + " (rows until then are not all: run it again)", this);
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
