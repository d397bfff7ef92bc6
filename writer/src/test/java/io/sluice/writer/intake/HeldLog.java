package io.sluice.writer.intake;

import io.sluice.wal.DurableLog;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import io.sluice.writer.apply.Applied;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A log that keeps what is appended until the test applies it, or fails to append. */
final class HeldLog implements DurableLog {

  final List<LogRecord> records = new ArrayList<>();
  @Nullable RuntimeException failure;
  @Nullable LogFullException full;
  @Nullable LogFailedException failed;
  long released;
  Leadership leadership = Leadership.ALONE;

  @Override
  public void append(LogRecord record) throws LogFullException, LogFailedException {
    if (failure != null) {
      throw failure;
    }
    if (full != null) {
      throw full;
    }
    if (failed != null) {
      throw failed;
    }
    records.add(record);
  }

  /** The apply thread's work, but for keeping the rows. */
  void applyAll() {
    for (LogRecord record : records) {
      if (record.attachment() instanceof Applied waiting) {
        int batches = waiting.batch().metadata().batches().size();
        waiting.batch().close();
        waiting.applied(Collections.nCopies(batches, false));
      }
    }
    records.clear();
  }

  /** The writing thread's work while the apply is behind. */
  void forceAll() {
    records.forEach(record -> record.attachment().durable());
    records.clear();
  }

  /** Fails what it has taken. */
  void failAll() {
    failAll(new LogFailedException("the disk is gone", null));
  }

  void failAll(LogFailedException cause) {
    for (LogRecord record : records) {
      record.attachment().failed(cause);
    }
    records.clear();
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }

  @Override
  public UUID id() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void start(long from, LogConsumer consumer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long firstPosition() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long recoveredPosition() {
    throw new UnsupportedOperationException();
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
  public void release(long upTo) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LogUsage usage() {
    return new LogUsage(0, 0, 0, 0, released, 0);
  }

  @Override
  public void close() {}
}
