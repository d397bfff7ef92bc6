package io.sluice.lake.maintain;

/** It was told not to go on: what was under way is given up. */
final class StoppedException extends Exception {

  private static final long serialVersionUID = 1L;
}
