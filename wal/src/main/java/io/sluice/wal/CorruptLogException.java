package io.sluice.wal;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Bytes of the log are not what was forced there: file, offset, expected, actual. Stop. */
public final class CorruptLogException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final String what;

  public CorruptLogException(String file, long offset, String expected, String actual) {
    this(new Damage(offset, expected, actual).where(file), "DIR", null);
  }

  private CorruptLogException(
      String what, String directory, @Nullable CorruptLogException original) {
    super("cannot read log: %s %s".formatted(what, remedy(directory)), original);
    this.what = what;
  }

  static CorruptLogException of(String file, long offset, String what, long expected, long actual) {
    return new CorruptLogException(
        file, offset, "%s 0x%x".formatted(what, expected), "%s 0x%x".formatted(what, actual));
  }

  private static String remedy(String directory) {
    return "(run 'sluice wal verify %s', then 'sluice wal repair %s')"
        .formatted(directory, directory);
  }

  /** The same, which names the log's directory to whoever is to repair it. */
  CorruptLogException of(String directory) {
    return new CorruptLogException(what, directory, this);
  }

  /** What is damaged, where, and what to do. */
  String sentence(String directory) {
    return "the log in %s is damaged: %s %s".formatted(directory, what, remedy(directory));
  }

  /** File, offset, what was expected there and what was found. */
  String what() {
    return what;
  }
}
