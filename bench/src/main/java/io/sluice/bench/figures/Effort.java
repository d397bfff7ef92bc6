package io.sluice.bench.figures;

/**
 * How long to measure.
 *
 * @param rounds how often each side is measured; the median counts
 * @param warmupSeconds of each side before the first round
 * @param seconds of each side in a round
 */
record Effort(int rounds, double warmupSeconds, double seconds) {

  static final Effort QUICK = new Effort(3, 1, 0.5);
  static final Effort FULL = new Effort(9, 5, 2);
}
