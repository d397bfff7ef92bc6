package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** What a start makes of a disk: the ids that it replays, or the damage that stops it. */
record Reopening(List<Long> ids, Throwable failure) {

  static Reopening of(SimulatedDisk disk) throws InterruptedException {
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    List<Long> ids = new ArrayList<>();
    LogEnvironment environment =
        LogProcess.environment(new CrashingStorage(disk), new Random(disk.hashCode()));
    try (LocalLog log = LocalLog.open(LogProcess.CONFIG, environment, fatal::complete)) {
      CompletableFuture<Void> probed = new CompletableFuture<>();
      log.start(
          1,
          record -> {
            if (record.position() <= log.recoveredPosition()) {
              ids.add(Records.checkedId(record));
            } else {
              probed.complete(null);
            }
          });
      append(log, Records.of(Records.STREAM, 9, 9, new Probe(probed)), fatal);
      CompletableFuture.anyOf(probed, fatal).handle((done, failed) -> done).join();
    } catch (IOException e) {
      return new Reopening(List.of(), e);
    }
    return new Reopening(List.copyOf(ids), fatal.getNow(null));
  }

  /**
   * The replay may meet the damage first: then the append is refused, and what was met is told to
   * {@code fatal}. While a spare is being made there may be no room for a moment.
   */
  private static void append(LocalLog log, LogRecord probe, CompletableFuture<Throwable> fatal) {
    while (true) {
      try {
        log.append(probe);
        return;
      } catch (LogFullException full) {
        LockSupport.parkNanos(1_000_000);
      } catch (LogFailedException refused) {
        fatal.join();
        return;
      }
    }
  }

  /** The apply itself ends the probe well. */
  private record Probe(CompletableFuture<Void> probed) implements LogRecord.Attachment {
    @Override
    public void durable() {}

    @Override
    public void failed(LogFailedException cause) {
      probed.completeExceptionally(cause);
    }
  }

  boolean isCorrupt() {
    return failure instanceof CorruptLogException;
  }
}
