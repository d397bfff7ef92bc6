package io.sluice.lake;

import java.io.IOException;

/** A data file is not what was written: nothing was committed. Write its rows anew. */
public final class DamagedFileException extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedFileException(String message) {
    super(message);
  }
}
