package io.sluice.lake;

/**
 * Counts what a lake does to disk and database, and breaks it at one step: once, or from there on
 * as a killed process would. Any thread may take a step, one after the other.
 */
final class Faults {

  private int steps;
  private int broken = Integer.MAX_VALUE;
  private boolean forGood;
  private Runnable meanwhile = () -> {};

  /**
   * From now on steps count from 1, and step {@code at} fails; so do all later ones if for good.
   */
  synchronized void arm(int at, boolean forGood) {
    this.steps = 0;
    this.broken = at;
    this.forGood = forGood;
    this.meanwhile = () -> {};
  }

  /** From now on steps count from 1, and others do something before step {@code at}. */
  synchronized void interrupt(int at, Runnable action) {
    arm(Integer.MAX_VALUE, false);
    meanwhile =
        () -> {
          if (steps == at) {
            meanwhile = () -> {};
            action.run();
          }
        };
  }

  /** Step {@code at} fails, once, and others do something before the next one. */
  synchronized void arm(int at, Runnable thenOthers) {
    interrupt(at + 1, thenOthers);
    broken = at;
  }

  synchronized void disarm() {
    broken = Integer.MAX_VALUE;
  }

  /** Whether this step has to fail. */
  synchronized boolean strikes() {
    steps++;
    meanwhile.run();
    return steps == broken || (forGood && steps > broken);
  }

  synchronized int steps() {
    return steps;
  }
}
