package io.sluice.cli.rebalance;

import java.io.Serial;

/** Logs are not where they are to be, and why. */
public final class RebalanceException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  RebalanceException(String message) {
    super(message);
  }
}
