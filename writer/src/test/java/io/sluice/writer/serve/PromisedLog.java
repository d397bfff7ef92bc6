package io.sluice.writer.serve;

import io.sluice.wal.DurableLog;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A log that says what the test wants of who leads it and what it promised. */
final class PromisedLog implements DurableLog {

  final UUID id;
  volatile long promised;
  volatile Leadership leadership = Leadership.ALONE;

  /** What {@link #confirm} answers; null: what was promised. */
  volatile @Nullable CompletableFuture<Long> confirmed;

  PromisedLog(UUID id) {
    this.id = id;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public long promisedPosition() {
    return promised;
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }

  @Override
  public CompletableFuture<Long> confirm() {
    CompletableFuture<Long> answer = confirmed;
    return answer == null ? DurableLog.super.confirm() : answer;
  }

  @Override
  public LogUsage usage() {
    return new LogUsage(0, 0, 0, 0, 0, 0);
  }

  @Override
  public long firstPosition() {
    return 1;
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
  public void release(long upTo) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
