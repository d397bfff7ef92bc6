package io.sluice.bench.figures;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A figure and what it must be.
 *
 * @param value the median of the rounds
 * @param bound what it must be, null = nothing is asked
 * @param atLeast whether the bound is from below
 * @param detail what the two sides were, with units
 */
record Ratio(String what, double value, @Nullable Double bound, boolean atLeast, String detail) {

  static Ratio atLeast(String what, double value, double bound, String detail) {
    return new Ratio(what, value, bound, true, detail);
  }

  static Ratio atMost(String what, double value, double bound, String detail) {
    return new Ratio(what, value, bound, false, detail);
  }

  static Ratio plain(String what, double value, String detail) {
    return new Ratio(what, value, null, true, detail);
  }

  boolean met() {
    return bound == null || (atLeast ? value >= bound : value <= bound);
  }

  /** A row of a Markdown table: what, figure, asked, met, sides. */
  String row() {
    String asked = bound == null ? "-" : (atLeast ? ">= " : "<= ") + number(bound);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s |",
        what,
        number(value),
        asked,
        bound == null ? "-" : met() ? "yes" : "NO",
        detail);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 1_000 ? "%.2f" : "%,.0f", value);
  }
}
