package io.sluice.bench.audit;

/** How a reader takes hot rows. One thread asks. */
public interface Pace {

  /** As fast as they come. */
  Pace FAST = new Pace() {};

  /** Called between the load of the table and the opening of its hot rows. */
  default void beforeOpen() throws InterruptedException {}

  /**
   * Called before a window is taken.
   *
   * @param taken windows until now
   * @return whether the reader wants more
   */
  default boolean next(int taken) throws InterruptedException {
    return true;
  }

  /** Whether to follow what arrives: then an end by the Writer is an end like any other. */
  default boolean follows() {
    return false;
  }
}
