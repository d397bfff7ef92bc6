package io.sluice.writer.apply;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import java.util.UUID;

/** A log whose records the test applies itself: only what the releaser asks of it. */
final class MemoryLog implements DurableLog {

  final UUID id = new UUID(3, 4);
  long released;
  long recovered;

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public long firstPosition() {
    return released + 1;
  }

  @Override
  public void release(long upTo) {
    released = Math.max(released, upTo);
  }

  @Override
  public LogUsage usage() {
    return new LogUsage(2, 2, 0);
  }

  @Override
  public void start(long from, LogConsumer consumer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void append(LogRecord record) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long recoveredPosition() {
    return recovered;
  }

  @Override
  public long promisedPosition() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long appliedPosition() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LogCursor read(long from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
