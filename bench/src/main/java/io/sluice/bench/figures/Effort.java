package io.sluice.bench.figures;

/**
 * How long to measure.
 *
 * @param rounds how often each side is measured; the median counts
 * @param warmupSeconds of each side before the first round
 * @param seconds of each side in a round
 * @param logBytes of the log that a Writer is started on
 * @param endToEndRounds the same for whole services, which take longer to warm up
 */
record Effort(
    int rounds,
    double warmupSeconds,
    double seconds,
    long logBytes,
    int endToEndRounds,
    double endToEndWarmupSeconds,
    double endToEndSeconds) {

  static final Effort QUICK = new Effort(3, 1, 0.5, 64L << 20, 1, 5, 5);
  static final Effort FULL = new Effort(9, 5, 2, 512L << 20, 5, 20, 60);

  /** The same with so many seconds of a round of whole services. */
  Effort lasting(double each) {
    return new Effort(
        rounds, warmupSeconds, seconds, logBytes, endToEndRounds, endToEndWarmupSeconds, each);
  }

  /** The same with a Writer's log of so many bytes. */
  Effort ofLog(long bytes) {
    return new Effort(
        rounds,
        warmupSeconds,
        seconds,
        bytes,
        endToEndRounds,
        endToEndWarmupSeconds,
        endToEndSeconds);
  }
}
