package io.sluice.bench.torture;

import java.io.IOException;

/** Does one kind of fault. */
@FunctionalInterface
interface Fault {

  /**
   * Begins it, waits, ends it: when this returns or throws, it is over.
   *
   * @param lasting passes the planned time, or less if the run is stopped
   * @throws Exception the fault could not be done or undone, which is a defect of the harness
   */
  void strike(PlannedFault planned, Lasting lasting) throws Exception;

  /** The time a fault lasts. */
  @FunctionalInterface
  interface Lasting {
    void pass() throws IOException, InterruptedException;

    /** Whether the run is stopped: what is waited for beyond that time need not come. */
    default boolean isStopped() {
      return false;
    }
  }
}
