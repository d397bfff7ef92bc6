package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a log on the caller's thread, group by group as told, with clocks and nonces that are the
 * same every time: the same script makes the same bytes.
 */
final class ScriptedLog implements Closeable {
  private final SegmentPool pool;
  private final SegmentWriter writer;
  private final Thread preparing;

  ScriptedLog(WalConfig config, Storage storage, long seed) throws IOException {
    AtomicLong nanos = new AtomicLong();
    LogEnvironment environment =
        new LogEnvironment(
            storage,
            () -> nanos.getAndAdd(1_000_000),
            () -> 1_700_000_000_000_000L,
            new Random(seed));
    LogRecovery recovery = LogRecovery.run(environment);
    SegmentList segments = new SegmentList(recovery.found());
    DiskBudget budget = new DiskBudget(config.segmentBytes(), config.maxBytes());
    pool = new SegmentPool(config, storage, budget, segments, () -> 0, cause -> {});
    pool.open();
    pool.makeFirst();
    LogClock clock = new LogClock(recovery.logTimeMicros(), environment.nanoTime());
    SegmentHeader first =
        recovery.firstHeader(config.segmentBytes(), environment.random().nextInt());
    writer = SegmentWriter.open(config, environment, pool, segments, budget, clock, first);
    if (recovery.idIsNew()) {
      LogIdFile.write(storage, recovery.id());
    }
    preparing = new Thread(pool, "wal-prepare");
    preparing.start();
  }

  /** Writes and forces these records together; they must fit one group. */
  ScriptedLog group(LogRecord... records) throws IOException {
    for (LogRecord record : records) {
      if (!writer.stage(record)) {
        throw new IllegalArgumentException("more than one group");
      }
    }
    writer.commit();
    return this;
  }

  ScriptedLog mark() throws IOException {
    writer.mark();
    return this;
  }

  /** As a clean stop does. */
  ScriptedLog finish() throws IOException {
    writer.finish();
    return this;
  }

  @Override
  public void close() throws IOException {
    pool.stop();
    try {
      preparing.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    writer.close();
  }
}
