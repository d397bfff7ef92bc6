package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The apply thread: first what recovery found, read from disk, then what the writing thread forced,
 * in position order. A consumer that throws ends it, and nothing is applied after that.
 */
final class Applier implements Runnable {
  private final LogCursor replay;
  private final long replayUpTo;
  private final BooleanSupplier closing;
  private final ForcedRecords forced;
  private final LogConsumer consumer;
  private final Consumer<Throwable> failed;
  private volatile long appliedPosition;

  /**
   * @param replay stands where the consumer wants to begin; closed here
   * @param replayFrom where that is
   * @param replayUpTo the last position that recovery found
   * @param closing true ends the replay early
   * @param failed told of what the consumer threw, or of damage met while replaying
   */
  Applier(
      LogCursor replay,
      long replayFrom,
      long replayUpTo,
      BooleanSupplier closing,
      ForcedRecords forced,
      LogConsumer consumer,
      Consumer<Throwable> failed) {
    this.replay = replay;
    this.replayUpTo = replayUpTo;
    this.closing = closing;
    this.forced = forced;
    this.consumer = consumer;
    this.failed = failed;
    this.appliedPosition = Math.min(replayFrom - 1, replayUpTo);
  }

  /** The highest position applied with no gap below it, from where the replay began. */
  long appliedPosition() {
    return appliedPosition;
  }

  @Override
  public void run() {
    List<LogRecord> taken = new ArrayList<>();
    int done = 0;
    try {
      if (!replay()) {
        forced.breakOff(new LogFailedException("cannot apply: the log was closed", null));
        return;
      }
      List<LogRecord> next = forced.take(taken);
      while (next != null) {
        taken = next;
        for (done = 0; done < taken.size(); done++) {
          apply(taken.get(done));
        }
        next = forced.take(taken);
      }
    } catch (IOException | RuntimeException | Error e) {
      List<LogRecord> lost = List.copyOf(taken.subList(Math.min(done, taken.size()), taken.size()));
      forced.breakOff(e);
      failed.accept(e);
      Attachments.fail(lost, e);
    }
  }

  /** False: the log is being closed and the replay is not at its end. */
  private boolean replay() throws IOException {
    try (replay) {
      while (appliedPosition < replayUpTo) {
        if (closing.getAsBoolean()) {
          return false;
        }
        LogRecord record = replay.next();
        long due = Math.max(appliedPosition, replay.lostUpTo()) + 1;
        if (due > replayUpTo) { // the end is lost; a record behind it comes from memory, too
          appliedPosition = replayUpTo;
          return true;
        }
        if (record == null || record.position() != due) {
          throw new IOException(
              "cannot replay log: position %d is missing (run 'sluice wal verify')".formatted(due));
        }
        apply(record);
      }
      return true;
    }
  }

  private void apply(LogRecord record) {
    consumer.apply(record);
    appliedPosition = record.position();
  }
}
