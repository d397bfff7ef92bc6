package io.sluice.writer;

import io.sluice.schema.service.Closer;
import io.sluice.wal.DurableLog;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.intake.PutLog;
import io.sluice.writer.persist.FlushFailedException;
import io.sluice.writer.persist.LogRoom;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.Persister;
import io.sluice.writer.persist.TimeToFull;
import io.sluice.writer.serve.Actions;
import io.sluice.writer.serve.ReadGate;
import io.sluice.writer.serve.ServedLog;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log that a Writer hosts, in whichever form, as all others see it: what is of this log alone.
 */
final class HostedLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HostedLog.class);

  private final WriterCore core;
  private final Closer closer;
  private final int number;
  private final DurableLog log;
  private final Window window;
  private final ChunkBuffer buffer;
  private final Parking parking;
  private final Persister persister;
  private final TimeToFull timeToFull;
  private final LogRoom room;
  private final ReadGate gate;
  private final Actions.Unparking unpark;

  /**
   * @param closer of all of it
   * @param number of the cluster's logs, from 0
   */
  HostedLog(
      WriterCore core,
      Closer closer,
      int number,
      DurableLog log,
      Window window,
      ChunkBuffer buffer,
      Parking parking,
      Persister persister,
      TimeToFull timeToFull,
      ReadGate gate,
      Actions.Unparking unpark) {
    this.core = core;
    this.closer = closer;
    this.number = number;
    this.log = log;
    this.window = window;
    this.buffer = buffer;
    this.parking = parking;
    this.persister = persister;
    this.timeToFull = timeToFull;
    this.room = new LogRoom(log::usage, core.nanos());
    this.gate = gate;
    this.unpark = unpark;
  }

  /** Of the cluster's logs, from 0. */
  int number() {
    return number;
  }

  Persister persister() {
    return persister;
  }

  ReadGate gate() {
    return gate;
  }

  /** As its senders see it. */
  PutLog put() {
    HotPersisting persisting =
        new HotPersisting(core.memory(), core.parts(), window, parking, () -> !gate.isWhole());
    return new PutLog(log, persisting, core.ledger(), core.nanos());
  }

  /** As its readers see it. */
  ServedLog served() {
    return new ServedLog(number, log, buffer, persister, gate, timeToFull, unpark);
  }

  /** It may not be released from now on. */
  void mayBeHeld() {
    room.begin();
  }

  /** Why rows of it would be refused soon, unless it is released; null if they would not. */
  @Nullable String pressing() {
    String full = room.pressing();
    if (full != null) {
      return "log %d %s".formatted(number, full);
    }
    return window.isNearlyFull()
        ? "log %d has nearly as many batches to remember as dedup.max-batches lets it"
            .formatted(number)
        : null;
  }

  /** All of them are to be persisted, also if the first one takes all the time. */
  void seal() {
    buffer.tables().forEach(buffer::seal);
  }

  /** What is not persisted by then stays in the log. */
  void flush(long deadlineNanos) throws InterruptedException {
    for (TableBuffer table : buffer.tables()) {
      try {
        // what is stuck or fails already had its try, or has it meanwhile
        boolean hopeless = persister.stuck().containsKey(table.key());
        long left = Math.max(0, deadlineNanos - System.nanoTime());
        persister.flush(table, hopeless ? Duration.ZERO : Duration.ofNanos(left));
      } catch (FlushFailedException e) {
        LOG.warn("{} (its rows stay in the log)", e.getMessage());
      }
    }
  }

  @Override
  public void close() throws IOException {
    closer.close();
  }
}
