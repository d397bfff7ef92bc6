package io.sluice.cli.tail;

import io.sluice.cli.show.Paint.Colour;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** OTLP's ranges of severity numbers. */
public enum Severity {
  TRACE(1, Colour.DIM),
  DEBUG(5, Colour.DIM),
  INFO(9, Colour.GREEN),
  WARN(13, Colour.YELLOW),
  ERROR(17, Colour.RED),
  FATAL(21, Colour.RED);

  private final int least;
  final Colour colour;

  Severity(int least, Colour colour) {
    this.least = least;
    this.colour = colour;
  }

  /** The lowest number that is so severe. */
  int least() {
    return least;
  }

  /** By its name in any case. */
  public static Optional<Severity> named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String known = upper.equals("WARNING") ? WARN.name() : upper;
    return Arrays.stream(values()).filter(severity -> severity.name().equals(known)).findFirst();
  }

  /** Of a record; none if it does not say. */
  static Optional<Severity> of(long number) {
    return Arrays.stream(values())
        .filter(severity -> severity.least <= number)
        .reduce((lower, higher) -> higher);
  }
}
