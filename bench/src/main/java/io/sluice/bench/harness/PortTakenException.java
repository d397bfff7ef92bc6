package io.sluice.bench.harness;

import java.io.IOException;

/** A port that was free when it was chosen was not when it was used. */
public final class PortTakenException extends IOException {

  private static final long serialVersionUID = 1;

  PortTakenException(String message) {
    super(message);
  }
}
