package io.sluice.writer.buffer;

import java.io.IOException;

/** A parked file is damaged, or is not there: until somebody restores it, its table is stuck. */
public final class ParkedRowsException extends IOException {

  private static final long serialVersionUID = 1;

  public ParkedRowsException(String message) {
    super(message);
  }
}
