package io.sluice.cli.show;

import java.util.Locale;

/** Durations as people read them. */
public final class Millis {

  /** Three digits or so: {@code 12.3ms}, {@code 4.56s}. */
  public static String of(long nanos) {
    double size = Math.abs((double) nanos);
    if (size < 1e3) {
      return nanos + "ns";
    }
    if (size < 1e6) {
      return digits(nanos / 1e3) + "µs";
    }
    return size < 1e9 ? digits(nanos / 1e6) + "ms" : digits(nanos / 1e9) + "s";
  }

  private static String digits(double value) {
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%.0f", value);
  }

  private Millis() {}
}
