package io.sluice.writer;

import io.sluice.schema.security.PrivateDirectory;
import io.sluice.schema.service.FileFailure;
import io.sluice.wal.FileStorage;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a log of a Writer keeps what is beside its records. Log 0 has the names of a time when
 * there was no other.
 *
 * @param records holds nothing but the log, if it is on this disk alone
 * @param window the window's checkpoint, and which tables hold what was released
 * @param parked rows of tables that would not take them
 */
record LogPaths(Path records, Path window, Path parked) {

  private static final Logger LOG = LoggerFactory.getLogger(LogPaths.class);

  /** Where all of them are. */
  static Path all(Path data) {
    return data.resolve("writer");
  }

  /** Makes where all of them are, for its owner alone, and says if others may look in. */
  static void create(Path data) throws IOException {
    Path all = all(data);
    PrivateDirectory.create(all);
    FileStorage.create(all); // forces its name and its parents'
    try {
      PrivateDirectory.openToOthers(data, all).ifPresent(LOG::warn);
    } catch (IOException e) {
      LOG.warn("cannot look who may read the data directory: {}", FileFailure.sentence(e));
    }
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
