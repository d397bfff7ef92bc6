package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The apply thread: as long as it is behind, what the log holds, read from disk; then what the
 * writing thread forced, from memory; all in position order. A consumer that throws ends it, and
 * nothing is applied after that.
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
   * @param closing true ends the replay early, unless it is live: the log keeps the rest
   * @param failed told of what the consumer threw, or of damage met while replaying
   */
  Applier(
      LogCursor replay,
      long replayFrom,
      BooleanSupplier closing,
      ForcedRecords forced,
      LogConsumer consumer,
      Consumer<Throwable> failed) {
    this.replay = replay;
    this.closing = closing;
    this.forced = forced;
    this.consumer = consumer;
    this.failed = failed;
    this.appliedPosition = replayFrom - 1;
    this.replayUpTo = forced.behindUpTo(appliedPosition);
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

  /** False: the log is being closed, and the apply is behind still. */
  private boolean replay() throws IOException {
    try (replay) {
      long upTo = replayUpTo;
      LogRecord read = null;
      while (appliedPosition < upTo) {
        if (closing.getAsBoolean() && forced.isBehind()) {
          return false;
        }
        LogRecord record = read == null ? replay.next() : read;
        read = null;
        long due = passLost(upTo) + 1;
        if (due > upTo) { // what is behind the lost end may come from memory, too
          read = record;
          upTo = forced.behindUpTo(upTo);
          continue;
        }
        if (record == null || record.position() != due) {
          throw new IOException(
              "cannot replay log: position %d is missing (run 'sluice wal verify')".formatted(due));
        }
        apply(record);
        if (appliedPosition == upTo) {
          upTo = forced.behindUpTo(upTo);
        }
      }
      return true;
    }
  }

  /** Where the apply stands when what a repair found lost counts as passed. */
  private long passLost(long upTo) {
    long lost = Math.min(replay.lostUpTo(), upTo);
    if (lost > appliedPosition) {
      consumer.lost(lost);
      appliedPosition = lost;
    }
    return appliedPosition;
  }

  private void apply(LogRecord record) {
    consumer.apply(record);
    appliedPosition = record.position();
  }
}
