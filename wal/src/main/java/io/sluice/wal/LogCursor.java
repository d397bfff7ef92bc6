package io.sluice.wal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Durable records in position order. Not thread-safe; pins what it stands on until closed. */
public interface LogCursor extends AutoCloseable {

  /**
   * The next durable record, or null when there is none yet: ask again. Its payload holds until the
   * next call.
   *
   * @throws CorruptLogException a record below the last known mark is damaged
   */
  @Nullable LogRecord next() throws IOException;

  @Override
  void close();
}
