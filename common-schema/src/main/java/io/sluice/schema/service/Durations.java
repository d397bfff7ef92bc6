package io.sluice.schema.service;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 60s}, {@code 5m}, {@code 7d}, PT5M. */
public final class Durations {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

  /** What is longer is a mistake, and would overflow where it is added to a clock. */
  private static final Duration MOST = Duration.ofDays(3_650);

  /**
   * Reads one number with a unit, or ISO-8601.
   *
   * @throws IllegalArgumentException neither of these, negative, or more than ten years
   */
  public static Duration parse(String text) {
    Duration duration = read(text);
    if (duration.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "cannot use duration: '%s' (at most %dd)".formatted(text, MOST.toDays()));
    }
    return duration;
  }

  /** The same, for what must not be shorter. */
  public static Function<String, Duration> atLeast(Duration least) {
    return text -> {
      Duration duration = parse(text);
      if (duration.compareTo(least) < 0) {
        throw new IllegalArgumentException(
            "cannot use duration: '%s' (at least %dms)".formatted(text, least.toMillis()));
      }
      return duration;
    };
  }

  private static Duration read(String text) {
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
