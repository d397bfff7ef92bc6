package io.sluice.schema.service;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 60s}, {@code 5m}, {@code 7d}, PT5M. */
public final class Durations {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

  /**
   * Reads one number with a unit, or ISO-8601.
   *
   * @throws IllegalArgumentException neither of these, or negative
   */
  public static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
    try {
      Duration duration = Duration.parse(text.trim());
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(sentence(text), e);
    }
    throw new IllegalArgumentException(sentence(text));
  }

  private static String sentence(String text) {
    return "cannot read duration: '%s' (write it as 500ms, 60s, 5m, 1h, 7d or PT5M)"
        .formatted(text);
  }

  private Durations() {}
}
