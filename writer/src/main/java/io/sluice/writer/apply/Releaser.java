package io.sluice.writer.apply;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LogUsage;
import io.sluice.writer.buffer.ChunkBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets the log go, up to what the tables hold: first the window's checkpoint is forced, since the
 * log is what it would be rebuilt from. The pace thread releases; whoever unparks waits for it.
 */
public final class Releaser {

  private static final long GROWTH_BYTES = 512L << 20;

  /** A checkpoint is a twentieth of what is written, at most. */
  private static final long GROWTH_TO_CHECKPOINT = 20;

  private final DurableLog log;
  private final Window window;
  private final ChunkBuffer buffer;
  private final Applier applier;
  private final WindowCheckpoint checkpoint;
  private final ReleasedTables tables;
  private final Supplier<List<ReleasedTables.Entry>> marks;
  private final long everyNanos;
  private final LongSupplier nanos;
  private WindowCheckpoint.Stand restored = new WindowCheckpoint.Stand(0, 0, 0);

  /**
   * Nobody will ever be owed what lies at or below it, also when a table owes again from before.
   */
  private long free;

  private long released;
  private long releasedNanos;
  private long usedAtRelease;
  private long checkpointBytes;

  /**
   * @param directory of the checkpoint; must be there, durably
   * @param tables is told, before each release, which tables hold what is released
   * @param marks the tables that hold rows of this log
   * @param every a checkpoint is a file as large as the window: not written more often than this,
   *     unless the log grew by much more than that, its disk budget is half used, or the window is
   *     full
   */
  public Releaser(
      DurableLog log,
      Window window,
      ChunkBuffer buffer,
      Applier applier,
      Path directory,
      ReleasedTables tables,
      Supplier<List<ReleasedTables.Entry>> marks,
      Duration every,
      LongSupplier nanos) {
    this(log, window, buffer, applier, new FileDirectory(directory), tables, marks, every, nanos);
  }

  Releaser(
      DurableLog log,
      Window window,
      ChunkBuffer buffer,
      Applier applier,
      Directory directory,
      ReleasedTables tables,
      Supplier<List<ReleasedTables.Entry>> marks,
      Duration every,
      LongSupplier nanos) {
    this.log = log;
    this.window = window;
    this.buffer = buffer;
    this.applier = applier;
    this.checkpoint = new WindowCheckpoint(directory);
    this.tables = tables;
    this.marks = marks;
    this.everyNanos = every.toNanos();
    this.nanos = nanos;
    this.releasedNanos = nanos.getAsLong();
  }

  /**
   * Reads the checkpoint into the empty window. Call before the log is started.
   *
   * @return the position at which the replay begins: nothing before it is owed to any table
   * @throws IOException it cannot be read, or the log begins after what it stands for, or ends
   *     before that
   */
  public long restore() throws IOException {
    WindowCheckpoint.Stand stand = checkpoint.read(log.id(), window);
    if (log.firstPosition() > stand.released() + 1) {
      throw new IOException(
          "cannot start: the log begins at position %d, the window's checkpoint released only %d:"
                  .formatted(log.firstPosition(), stand.released())
              + " repeats could not be recognised (put the newest checkpoint back)");
    }
    if (stand.position() > log.recoveredPosition()) {
      throw new IOException(
          "cannot start: the log ends at position %d, the window's checkpoint knows that %d was forced"
                  .formatted(log.recoveredPosition(), stand.position())
              + " (acked records are missing: put the log's newest segments back)");
    }
    restored = stand;
    released = stand.released();
    window.released(released);
    window.replays(log.recoveredPosition());
    return released + 1;
  }

  /** A change of what is owed to a table. */
  @FunctionalInterface
  public interface Rebase {
    void run() throws IOException;
  }

  /**
   * A table was begun anew: that is known durably before what is owed to it changes, and nothing is
   * released between.
   *
   * @param entry the table as it is now
   * @throws IOException it is not, or that is not known: nothing is owed otherwise than before
   */
  public synchronized void rebase(ReleasedTables.Entry entry, Rebase rebase) throws IOException {
    List<ReleasedTables.Entry> entries = new ArrayList<>(marks.get());
    entries.removeIf(other -> other.table().equals(entry.table()));
    entries.add(entry);
    tables.write(entries);
    rebase.run();
  }

  /** Releases what is free, if it is time to. */
  public synchronized void release() throws IOException {
    boolean isFull = window.isFull();
    if (isFull) {
      buffer.tables().forEach(buffer::seal); // the table that holds all back may be a small one
    }
    LogUsage usage = log.usage();
    boolean soon = isFull || usage.isHalfFull();
    if (soon) {
      buffer.releaseLogged();
      buffer.sealOldest();
    }
    free = Math.max(free, buffer.releasePoint());
    long upTo = free;
    if (usage.isThreeQuartersFull()) {
      buffer.cutOldestRead(released);
    }
    if (upTo <= released || (!soon && !isDue(usage))) {
      return;
    }
    WindowCheckpoint.Stand stand;
    Window.Entries entries;
    synchronized (window) {
      // An id of the record that is being applied may be in already: it names its own position, so
      // a replay decides the same.
      stand = stand(upTo);
      entries = window.entries();
      // Before it is known which checkpoint a restart will find: from here on the window must not
      // know an id, and void a repeat, that a replay from this checkpoint would not know.
      window.released(upTo);
    }
    tables.write(marks.get());
    checkpoint.write(log.id(), stand, entries, window.room());
    log.release(upTo);
    released = upTo;
    releasedNanos = nanos.getAsLong();
    usedAtRelease = usage.everUsedBytes();
    checkpointBytes = WindowCheckpoint.bytes(entries);
  }

  /**
   * A log that is filled fast is released fast: its segments are written anew while the page cache
   * still has them, which takes half the time of others.
   */
  private boolean isDue(LogUsage usage) {
    long growth = usage.everUsedBytes() - usedAtRelease;
    return nanos.getAsLong() - releasedNanos >= everyNanos
        || growth >= Math.max(GROWTH_BYTES, GROWTH_TO_CHECKPOINT * checkpointBytes);
  }

  /**
   * In the middle of a replay the window is ahead of what is applied: it knows all that the
   * checkpoint knew that it was read from. One that stood for less would let ids age whose repeats
   * the next replay meets again.
   */
  private WindowCheckpoint.Stand stand(long upTo) {
    return new WindowCheckpoint.Stand(
        Math.max(buffer.applied(), restored.position()),
        upTo,
        Math.max(applier.logTimeMicros(), restored.logTimeMicros()));
  }
}
