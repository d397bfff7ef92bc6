package io.sluice.writer.apply;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import io.sluice.wal.NotLeaderException;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a replicated log go, up to what the tables hold. The replica that leads tells all of them by
 * a note in the log; each lets its own log go when it has applied that, and kept the snapshot that
 * goes with it. At the pace of one thread, on every replica.
 */
public final class ReplicaReleaser {

  private static final UUID UNKNOWN = new UUID(0, 0);

  private final DurableLog log;
  private final Window window;
  private final ChunkBuffer buffer;
  private final Replica replica;
  private final Function<TableKey, Optional<UUID>> uuids;
  private final Window.Limits limits;
  private final long everyNanos;
  private final LongSupplier nanos;
  private @Nullable SentNote sent;
  private long notedNanos;

  /**
   * @param uuids which table has this name in the catalog; empty if that is not known yet
   * @param limits of the window, as this process' settings have them
   * @param every a note has each replica write a snapshot as large as the window: not more often
   *     than this, unless the log's disk budget is half used or the window is full
   */
  public ReplicaReleaser(
      DurableLog log,
      Window window,
      ChunkBuffer buffer,
      Replica replica,
      Function<TableKey, Optional<UUID>> uuids,
      Window.Limits limits,
      Duration every,
      LongSupplier nanos) {
    this.log = log;
    this.window = window;
    this.buffer = buffer;
    this.replica = replica;
    this.uuids = uuids;
    this.limits = limits;
    this.everyNanos = every.toNanos();
    this.nanos = nanos;
    this.notedNanos = nanos.getAsLong();
  }

  /**
   * Releases what a note said, and makes the next one if it is time to.
   *
   * @throws IOException the log cannot keep the snapshot, or has no room for the note
   */
  public void release() throws IOException {
    LogUsage usage = log.usage();
    if (usage.isThreeQuartersFull()) {
      buffer.cutOldestRead(window.releasePoint());
    }
    releaseLog();
    if (!buffer.isFollowing() && (sent == null || sent.hasEnded())) {
      note(usage.isHalfFull());
    }
  }

  private void releaseLog() throws IOException {
    Replica.Pending pending = replica.takePending();
    if (pending == null) {
      return;
    }
    try {
      log.release(pending.released(), pending.snapshot());
    } catch (Throwable e) { // an Error too: the next one may be long in coming
      replica.putBack(pending);
      throw e;
    }
  }

  private void note(boolean isTight) throws IOException {
    boolean isFull = window.isFull();
    if (isFull) {
      buffer.tables().forEach(buffer::seal); // the table that holds all back may be a small one
    }
    boolean soon = isFull || isTight;
    if (soon) {
      buffer.releaseLogged();
      buffer.sealOldest();
    }
    long released = window.releasePoint();
    long upTo = Math.max(released, buffer.releasePoint());
    List<ReleasedTables.Entry> marks = marks(); // after that: they only grow
    boolean isDue = soon || nanos.getAsLong() - notedNanos >= everyNanos;
    if (isDue && (frees(upTo, released) || hasMoved(marks))) {
      append(new ReleaseNote(upTo, limits(), marks));
      notedNanos = nanos.getAsLong();
    }
  }

  /** Notes themselves are let go with what comes after them: they need no other note for that. */
  private boolean frees(long upTo, long released) {
    return upTo > released && replica.lastBatch() > released;
  }

  private boolean hasMoved(List<ReleasedTables.Entry> marks) {
    List<ReleasedTables.Entry> known = replica.tables();
    return marks.stream().anyMatch(entry -> !known.contains(entry));
  }

  private List<ReleasedTables.Entry> marks() {
    Map<TableKey, UUID> known = new HashMap<>();
    replica.tables().forEach(entry -> known.put(entry.table(), entry.uuid()));
    List<ReleasedTables.Entry> marks = new ArrayList<>();
    for (TableBuffer table : buffer.tables()) {
      if (table.mark() > 0) {
        UUID before = known.getOrDefault(table.key(), UNKNOWN);
        UUID uuid = uuids.apply(table.key()).orElse(before);
        marks.add(new ReleasedTables.Entry(table.key(), uuid, table.mark()));
      }
    }
    return marks;
  }

  /** A smaller room than what is remembered would forget ids before their time: it has to wait. */
  private Window.Limits limits() {
    Window.Limits now = window.limits();
    boolean fits = limits.maxEntries() >= Math.min(now.maxEntries(), window.size());
    return fits ? limits : new Window.Limits(limits.ageMicros(), now.maxEntries());
  }

  private void append(ReleaseNote note) throws IOException {
    SentNote next = new SentNote();
    try {
      log.append(LogRecord.note(note.encode(), next));
    } catch (LogFullException | LogFailedException e) {
      if (e.getCause() instanceof NotLeaderException) {
        return; // and is told so in a moment
      }
      throw new IOException(
          "cannot append a note to log %s: %s".formatted(log.id(), e.getMessage()), e);
    }
    sent = next;
  }
}
