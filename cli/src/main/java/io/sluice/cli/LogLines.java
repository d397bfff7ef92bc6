package io.sluice.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of a service's lines a user should see: warnings and errors with the lines that belong to
 * them, what it says when it refuses to start, and what the JVM itself has to say.
 */
final class LogLines {

  /** The level in a line of text (near its start) or of JSON. */
  private static final Pattern LEVEL =
      Pattern.compile("^.{0,120}?(?:\"level\"\\s*:\\s*\"|\\b)(TRACE|DEBUG|INFO|WARN|ERROR)\\b");

  /** The logging library on its own configuration. */
  private static final Pattern LOGBACK = Pattern.compile("\\|-(INFO|WARN) in ch\\.qos\\.logback");

  /**
   * What it warns of is what it is made for: members that go and come, and elections. It is in the
   * service's log.
   */
  private static final Pattern RATIS =
      Pattern.compile("^.{0,160}?\\b(o\\.a\\.r|org\\.apache\\.ratis)\\.");

  /** Said outside the log: a sentence of Launch, or the JVM's last words. */
  private static final Pattern OUTSIDE =
      Pattern.compile(
          "^((writer|acceptor): |#|Exception in thread|Error|OpenJDK|Java HotSpot|Terminating due)");

  /** An Acceptor's word to those who start it alone; here it is for {@code up} to say. */
  private static final Pattern READY = Pattern.compile("^(ready \\d+)?$");

  /** Before the first log line, all is shown. */
  private boolean shown = true;

  boolean isShown(String line) {
    if (READY.matcher(line).matches() || LOGBACK.matcher(line).find()) {
      return false;
    }
    Matcher level = LEVEL.matcher(line);
    if (OUTSIDE.matcher(line).find()) {
      shown = true;
    } else if (level.find()) {
      boolean warns = level.group(1).equals("WARN") && !RATIS.matcher(line).find();
      shown = warns || level.group(1).equals("ERROR");
    }
    return shown;
  }
}
