package io.sluice.bench.figures;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import io.sluice.writer.apply.Applied;
import java.io.IOException;
import java.util.Collections;
import java.util.UUID;

/** A log that writes nothing and acks at once: what is left is the cost of the intake. */
final class AckingLog implements DurableLog {

  private final UUID id = new UUID(1, 1);

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public void start(long from, LogConsumer consumer) {
    throw new UnsupportedOperationException("cannot start: nothing is applied");
  }

  @Override
  public void append(LogRecord record) {
    if (record.attachment() instanceof Applied waiting) {
      int batches = waiting.batch().metadata().batches().size();
      waiting.batch().close();
      waiting.applied(Collections.nCopies(batches, false));
    }
  }

  @Override
  public long firstPosition() {
    return 1;
  }

  @Override
  public long recoveredPosition() {
    return 0;
  }

  @Override
  public long promisedPosition() {
    return 0;
  }

  @Override
  public long appliedPosition() {
    return 0;
  }

  @Override
  public LogCursor read(long from) throws IOException {
    throw new IOException("cannot read: nothing is kept");
  }

  @Override
  public void release(long upTo) {}

  @Override
  public LogUsage usage() {
    return new LogUsage(0, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0, Long.MAX_VALUE);
  }

  @Override
  public void close() {}
}
