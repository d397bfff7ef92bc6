package io.sluice.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One process that uses a log on a simulated disk, until it is done or its disk fails. What it saw
 * is left in the history.
 */
final class LogProcess {
  static final WalConfig CONFIG =
      new WalConfig(Path.of("simulated"), 16 << 10, 12L * (16 << 10), 4 << 10, 3);

  private final CrashingStorage storage;
  private final History history;
  private final Random random;
  private final long firstId;
  private volatile Throwable cause;

  /**
   * @param seed decides sizes, bursts, nonces
   * @param firstId of the records that it appends
   */
  LogProcess(CrashingStorage storage, History history, long seed, long firstId) {
    this.storage = storage;
    this.history = history;
    this.random = new Random(seed);
    this.firstId = firstId;
  }

  /** Why it ended early. */
  Throwable cause() {
    return cause;
  }

  static LogEnvironment environment(Storage storage, Random random) {
    return new LogEnvironment(storage, System::nanoTime, () -> 1_000_000L, random);
  }

  /**
   * Opens, lets everything replay, appends in bursts and releases now and then.
   *
   * @return whether it came to its end; false: the disk failed
   */
  boolean run(int appends) throws InterruptedException, CorruptLogException {
    boolean whole = false;
    try {
      LocalLog log = LocalLog.open(CONFIG, environment(storage, random), e -> cause = e);
      try (log) {
        history.checkFirst(log.firstPosition());
        log.start(1, history.consumer(log.firstPosition()));
        whole = append(log, appends);
      }
    } catch (CorruptLogException e) {
      throw e;
    } catch (IOException e) {
      cause = e;
    }
    history.check();
    return whole && !storage.isOff();
  }

  private boolean append(LocalLog log, int appends) throws InterruptedException {
    long id = firstId;
    long end = firstId + appends;
    try {
      while (id < end) {
        long burst = Math.min(end, id + 1 + random.nextInt(6));
        long last = burst - 1;
        for (; id < burst; id++) {
          byte[] stream = {'s', (byte) random.nextInt(3)};
          append(log, Records.of(stream, id, size(), history.attachment(id)));
        }
        if (!history.awaitOutcome(last, storage::isOff)) {
          return false;
        }
        if (random.nextInt(4) == 0) {
          long upTo = log.appliedPosition() - random.nextInt(20);
          history.released(upTo);
          log.release(upTo);
        }
      }
      return history.awaitApplied(end - 1, () -> storage.isOff() || cause != null);
    } catch (LogFailedException e) {
      cause = e;
      return false;
    }
  }

  /** A full log takes records again once what was applied is released. */
  private void append(LocalLog log, LogRecord record) throws LogFailedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        log.append(record);
        return;
      } catch (LogFullException e) {
        if (storage.isOff()) {
          throw new LogFailedException("the power is off", e);
        }
        if (System.nanoTime() > deadline) {
          throw new AssertionError("still full after a release", e);
        }
        long applied = log.appliedPosition();
        history.released(applied);
        log.release(applied);
      }
    }
  }

  private int size() {
    int kind = random.nextInt(20);
    return kind == 0 ? 20_000 : kind < 5 ? 3_000 : 8 + random.nextInt(600);
  }
}
