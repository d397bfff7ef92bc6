package io.sluice.bench.torture;

import io.sluice.query.ReadException;
import io.sluice.query.WriterStatus;
import io.sluice.query.Writers;
import io.sluice.schema.service.HostPort;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The Writer's ledger: taken + replayed = the rest. It is read while rows move from one place to
 * the next, so that one reading may not add up; it is wrong if many in a row do not. One thread at
 * a time.
 */
final class WriterLedger implements AutoCloseable {

  private static final int READINGS = 40;
  private static final long PAUSE_MILLIS = 50;

  private final HostPort writer;
  private final FaultLog log;
  private final BufferAllocator allocator = new RootAllocator();
  private final Writers writers;
  private int held;
  private int unread;

  WriterLedger(HostPort writer, FaultLog log) {
    this.writer = writer;
    this.log = log;
    this.writers = Writers.at(List.of(writer), allocator);
  }

  /** Reads it, if the Writer answers. */
  synchronized void check(String when) throws InterruptedException {
    Map<String, Long> ledger = Map.of();
    for (int i = 0; i < READINGS; i++) {
      try {
        WriterStatus status = writers.status(writer);
        ledger = status.ledger();
      } catch (ReadException e) {
        unread++; // it is away
        return;
      }
      if (addsUp(ledger)) {
        held++;
        return;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    log.found("the Writer's ledger does not add up %s: %s".formatted(when, ledger));
  }

  static boolean addsUp(Map<String, Long> ledger) {
    long came = 0;
    long went = 0;
    for (Map.Entry<String, Long> entry : ledger.entrySet()) {
      if (entry.getKey().equals("taken") || entry.getKey().equals("replayed")) {
        came += entry.getValue();
      } else {
        went += entry.getValue();
      }
    }
    return came == went;
  }

  /** Has the Writer persist all it has. */
  synchronized void flush() throws ReadException {
    writers.flush(writer);
  }

  @Override
  public synchronized String toString() {
    return "ledger: added up %d times, could not be read %d times".formatted(held, unread);
  }

  @Override
  public void close() {
    writers.close();
    allocator.close();
  }
}
