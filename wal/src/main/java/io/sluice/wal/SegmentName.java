package io.sluice.wal;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the files of a log's directory are called. */
final class SegmentName {
  static final String LOG_ID = "log-id";
  static final String LIVE_SUFFIX = ".wal";

  private static final String SPARE = "spare-";
  private static final String FILLING = "filling-";
  private static final String REPAIRED = "repaired-";
  private static final Pattern LIVE_FORM = Pattern.compile("([0-9]{16})\\.wal");
  private static final Pattern REPAIRED_FORM = Pattern.compile("repaired-([0-9]{1,18})");
  private static final Pattern SPARE_FORM = Pattern.compile("(?:spare|filling)-([0-9]{1,18})");

  private SegmentName() {}

  static String live(long number) {
    return "%016d%s".formatted(number, LIVE_SUFFIX);
  }

  /** Whole and forced; its bytes mean nothing. */
  static String spare(long number) {
    return SPARE + number;
  }

  /** Still being filled with zeros: deleted at the next start. */
  static String filling(long number) {
    return FILLING + number;
  }

  /** Whole and forced, about to take the place of that live segment: a repair is under way. */
  static String repaired(long number) {
    return REPAIRED + number;
  }

  static boolean isRepaired(String name) {
    return REPAIRED_FORM.matcher(name).matches();
  }

  /** Whether a log would have made a file of that name. */
  static boolean isOfALog(String name) {
    return name.equals(LOG_ID)
        || name.equals(ExtentFile.NAME)
        || name.endsWith(LIVE_SUFFIX)
        || isRepaired(name)
        || isSpare(name);
  }

  static boolean isSpare(String name) {
    return name.startsWith(SPARE) && SPARE_FORM.matcher(name).matches();
  }

  static boolean isFilling(String name) {
    return name.startsWith(FILLING) && SPARE_FORM.matcher(name).matches();
  }

  /** The number of a live segment. */
  static OptionalLong liveNumber(String name) {
    return number(LIVE_FORM.matcher(name));
  }

  static OptionalLong repairedNumber(String name) {
    return number(REPAIRED_FORM.matcher(name));
  }

  /** The number of a spare or a file being filled. */
  static OptionalLong spareNumber(String name) {
    return number(SPARE_FORM.matcher(name));
  }

  private static OptionalLong number(Matcher matcher) {
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
