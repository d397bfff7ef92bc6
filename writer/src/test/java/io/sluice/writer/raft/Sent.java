package io.sluice.writer.raft;

import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a record that was appended ended. */
final class Sent implements LogRecord.Attachment {

  private final CompletableFuture<Long> end = new CompletableFuture<>();
  private volatile @Nullable LogRecord record;

  /** Of a log that may tell of a record before it applies it: only one on one disk does. */
  void of(LogRecord record) {
    this.record = record;
  }

  void applied(long position) {
    if (!end.complete(position)) {
      throw new IllegalStateException("told twice");
    }
  }

  @Override
  public void durable() {
    LogRecord placed = record;
    if (placed == null) {
      throw new IllegalStateException("a replicated log never says so");
    }
    applied(placed.position());
  }

  @Override
  public void failed(LogFailedException cause) {
    if (!end.completeExceptionally(cause)) {
      throw new IllegalStateException("told twice", cause);
    }
  }

  /** Its position, which may be applied only later; fails with what it failed with. */
  long position() throws Exception {
    return end.get(60, TimeUnit.SECONDS);
  }
}
