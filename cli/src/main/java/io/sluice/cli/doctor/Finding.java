package io.sluice.cli.doctor;

/**
 * What a check found.
 *
 * @param check a word for what was looked at
 * @param says what was found; unless it is {@link Level#OK}, what to change
 */
public record Finding(String check, Level level, String says) {

  /** How bad it is. */
  public enum Level {
    OK,

    /** It runs, and worse than it might. */
    WARN,

    /** It does not run, or loses data. */
    FAIL
  }

  static Finding ok(String check, String says) {
    return new Finding(check, Level.OK, says);
  }

  static Finding warn(String check, String says) {
    return new Finding(check, Level.WARN, says);
  }

  static Finding fail(String check, String says) {
    return new Finding(check, Level.FAIL, says);
  }
}
