package io.sluice.bench.figures;

import java.util.Locale;

/**
 * What a record costs where one thing is more than in the plain load.
 *
 * @param line which thing
 * @param times how many times as much; of a day, hours
 * @param cost there
 * @param before the plain load's, just before
 * @param after the same just after
 */
record FlatPoint(Line line, double times, Cost cost, Cost before, Cost after) {

  /** What is varied, each alone. */
  enum Line {
    CONNECTIONS("connections", "%.0f connections"),
    TENANTS("tenants", "%.0f tenants"),
    SERVICES("services", "%.0f times the services"),
    VALUES("values of attributes", "%.0f times the values of attributes"),
    AMOUNT("data", "%.0f times the data"),
    HOURS("hours of flushes", "after %.1f h of flushes");

    private final String label;
    private final String told;

    Line(String label, String told) {
      this.label = label;
      this.told = told;
    }

    String label() {
      return label;
    }
  }

  /** What is asked of each. */
  static final double MOST = 1.25;

  /** Of the plain load's cost around it. */
  double ratio() {
    return 2 * cost.micros() / (before.micros() + after.micros());
  }

  Ratio row() {
    return Ratio.atMost(
        "cost of a span, " + String.format(Locale.ROOT, line.told, times) + " / plain",
        ratio(),
        MOST,
        String.format(
            Locale.ROOT,
            "%s of %,d spans; plain before %.2f, after %.2f µs; ack p99 %.1f ms",
            cost,
            cost.records(),
            before.micros(),
            after.micros(),
            cost.ackMillis()));
  }
}
