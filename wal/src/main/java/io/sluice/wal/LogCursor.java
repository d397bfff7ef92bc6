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

  /** The last position that a hole met so far has lost; 0: there was none. See LocalLog. */
  default long lostUpTo() {
    return 0;
  }

  @Override
  void close();
}
