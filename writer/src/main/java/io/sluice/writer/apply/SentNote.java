package io.sluice.writer.apply;

import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;

/** A note that was appended, until it is known how that ended. */
final class SentNote implements LogRecord.Attachment {

  private volatile boolean ended;

  /** It is applied, or never will be by this process. */
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public void durable() {
    end();
  }

  @Override
  public void failed(LogFailedException cause) {
    end();
  }
}
