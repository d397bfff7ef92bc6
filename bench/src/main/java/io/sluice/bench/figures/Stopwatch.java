package io.sluice.bench.figures;

import java.lang.management.ManagementFactory;

/** How often a piece of work is done in a second. */
final class Stopwatch {

  /** Work that ends with a number, so that nothing of it can be left out. */
  interface Work {
    long run() throws Exception;
  }

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int RUNS = 8; // between looks at the processor's clock, which cost some

  private final Work work;
  private long sum;

  Stopwatch(Work work) {
    this.work = work;
  }

  double perSecond(double seconds) throws Exception {
    long began = System.nanoTime();
    long end = began + (long) (seconds * 1e9);
    long done = 0;
    while (System.nanoTime() < end) {
      sum += work.run();
      done++;
    }
    if (sum == Long.MIN_VALUE) {
      throw new IllegalStateException("the work's results sum up to " + sum);
    }
    return done * 1e9 / (System.nanoTime() - began);
  }

  /**
   * How often in a second of this thread's processor time: others' work on the machine counts less.
   */
  double perCpuSecond(double seconds) throws Exception {
    long began = THREADS.getCurrentThreadCpuTime();
    long end = began + (long) (seconds * 1e9);
    long now = began;
    long done = 0;
    while (now < end) {
      for (int i = 0; i < RUNS; i++) {
        sum += work.run();
      }
      done += RUNS;
      now = THREADS.getCurrentThreadCpuTime();
    }
    if (sum == Long.MIN_VALUE) {
      throw new IllegalStateException("the work's results sum up to " + sum);
    }
    return done * 1e9 / (now - began);
  }

  /** Heap bytes that this thread has allocated so far. */
  static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
