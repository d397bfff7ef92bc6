package io.sluice.writer.sim;

import java.util.Random;
import java.util.Set;

/**
 * What one run is like. Which faults there are, and how often, differs from run to run: some things
 * go wrong only where others do not.
 */
final class Plan {

  static final long SECOND = 1_000_000;

  /** How long ids are remembered; clients repeat within less, whatever is late meanwhile. */
  static final long WINDOW = 24 * SECOND;

  final int writers;
  final int logs;
  final boolean comparesHeads;
  final long activeMicros;
  final long sealBytes;
  final long meanRequest;
  final long noteEvery;
  final long grace;
  private final double[] rates = new double[Fault.values().length];

  Plan(Random random) {
    writers = random.nextInt(4) == 0 ? 4 : 3;
    logs = 1 + random.nextInt(writers == 4 ? 3 : 2);
    comparesHeads = random.nextBoolean();
    activeMicros = (10 + random.nextInt(35)) * SECOND;
    sealBytes = (60 << 10) + random.nextInt(300 << 10);
    meanRequest = (150 + random.nextInt(600)) * 1_000L;
    noteEvery = random.nextInt(3) * SECOND / 2;
    grace = random.nextInt(3) * SECOND;
    boolean quiet = random.nextInt(12) == 0;
    for (Fault fault : Fault.values()) {
      boolean isOn = !quiet && random.nextInt(5) < 3;
      rates[fault.ordinal()] = isOn ? 0.25 + 1.5 * random.nextDouble() : 0;
    }
  }

  /** How much more often than is usual; 0: never. */
  double rate(Fault fault) {
    return rates[fault.ordinal()];
  }

  /** How likely it is where it can happen, as far as it is a matter of each such event. */
  static double usual(Fault fault) {
    return switch (fault) {
      case LATE_MESSAGE, LOST_ANSWER, LOST_STREAM -> 0.08;
      case LATE_ROLE -> 0.5;
      case UNANSWERED_COPY -> 0.03;
      case REPEAT -> 0.1;
      case OLD_SNAPSHOT, SLOW_READ, STALE_PLACE -> 0.3;
      case PARTIAL_READ -> 0.2;
      case LATE_COMMIT, LOST_OUTCOME -> 0.15;
      case LOST_COMMIT -> 0.05;
      case TIGHT_LOG -> 0.05;
      case FAILED_RELEASE -> 0.1;
      case WRONG_CLOCK, OTHER_LIMITS -> 0.3;
      default -> 0;
    };
  }

  /** Of those that come by themselves: how many micros pass between two, as a rule. */
  static long interval(Fault fault) {
    return switch (fault) {
      case CRASH -> 6 * SECOND;
      case LOST_DISK -> 20 * SECOND;
      case PAUSE -> 6 * SECOND;
      case CUT -> 3 * SECOND;
      case CUT_CLIENT -> 3 * SECOND;
      case ELECTION -> 4 * SECOND;
      case OUTAGE -> 10 * SECOND;
      case NO_CATALOG -> 5 * SECOND;
      case COMPACTION, FOREIGN_CHANGE -> 2 * SECOND;
      case ROLLBACK -> 6 * SECOND;
      case PRESSURE -> 1 * SECOND;
      default -> Long.MAX_VALUE;
    };
  }

  static final Set<Fault> BY_THEMSELVES =
      Set.of(
          Fault.CRASH,
          Fault.LOST_DISK,
          Fault.PAUSE,
          Fault.CUT,
          Fault.CUT_CLIENT,
          Fault.ELECTION,
          Fault.OUTAGE,
          Fault.NO_CATALOG,
          Fault.COMPACTION,
          Fault.ROLLBACK,
          Fault.FOREIGN_CHANGE,
          Fault.PRESSURE);
}
