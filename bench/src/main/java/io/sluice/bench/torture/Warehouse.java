package io.sluice.bench.torture;

import java.io.IOException;

/** Where the tables' files are, and what can be done to it from outside. */
interface Warehouse {

  /** Away for a while. */
  void gone(Fault.Lasting lasting) throws IOException, InterruptedException;

  /**
   * The connections to it are reset, again and again, for a while.
   *
   * @throws UnsupportedOperationException there are none
   */
  default void resets(Fault.Lasting lasting) throws InterruptedException {
    throw new UnsupportedOperationException("cannot reset connections: there are none");
  }
}
