package io.sluice.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of a service's lines a user should see: warnings and errors with the lines that belong to
 * them, and whatever is no log line at all.
 */
final class LogLines {

  /** The level in a line of text (near its start) or of JSON. */
  private static final Pattern LEVEL =
      Pattern.compile("^.{0,120}?(?:\"level\"\\s*:\\s*\"|\\b)(TRACE|DEBUG|INFO|WARN|ERROR)\\b");

  private static final Pattern CONTINUATION = Pattern.compile("^(\\s|Caused by: |\\.\\.\\. )");

  /** An Acceptor's word to those who start it alone; here it is for {@code up} to say. */
  private static final Pattern READY = Pattern.compile("^ready \\d+$");

  private boolean shown;

  boolean isShown(String line) {
    if (READY.matcher(line).matches()) {
      return false;
    }
    Matcher level = LEVEL.matcher(line);
    if (level.find()) {
      shown = level.group(1).equals("WARN") || level.group(1).equals("ERROR");
    } else if (!CONTINUATION.matcher(line).find()) {
      shown = true;
    }
    return shown;
  }
}
