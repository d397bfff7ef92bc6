package io.sluice.writer;

import java.nio.file.Path;

/**
 * Where a log of a Writer keeps what is beside its records. Log 0 has the names of a time when
 * there was no other.
 *
 * @param records holds nothing but the log, if it is on this disk alone
 * @param window the window's checkpoint, and which tables hold what was released
 * @param parked rows of tables that would not take them
 */
record LogPaths(Path records, Path window, Path parked) {

  /** Where all of them are. */
  static Path all(Path data) {
    return data.resolve("writer");
  }

  static LogPaths of(Path data, int number) {
    Path writer = all(data);
    String suffix = number == 0 ? "" : "-" + number;
    return new LogPaths(
        writer.resolve("log-" + number),
        writer.resolve("window" + suffix),
        writer.resolve("parked" + suffix));
  }
}
