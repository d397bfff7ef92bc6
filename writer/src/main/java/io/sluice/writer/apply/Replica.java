package io.sluice.writer.apply;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One replica of a replicated log: decides its records as all others do, whichever snapshot it
 * began from, and has their rows; as long as it leads, they are persisted here.
 *
 * <p>The decisions are a function of the log: ids age and go by the notes in it and by its records'
 * times, and by nothing else. Applying a note first captures what a replica must know that begins
 * behind its release point R: the window as it is, of the note's position P. A replica that begins
 * from it decides R+1 to P by what the window names and changes nothing in it, since every id that
 * was seen above R is still in it: it may not go before R has passed it. From P on it is in the
 * state of all others.
 *
 * <p>The log's apply thread applies; any other may ask.
 */
public final class Replica implements LogConsumer {

  /** What the log may let go, and what must be kept for it. */
  record Pending(long released, ReplicaSnapshot snapshot) {}

  private static final long NONE = -1;

  private final UUID logId;
  private final Window window;
  private final ChunkBuffer buffer;
  private final Applier applier;
  private final RoleListener listener;
  private volatile long lastBatch;
  // Guarded by this.
  private final Map<TableKey, ReleasedTables.Entry> tables = new LinkedHashMap<>();
  private @Nullable Pending pending;
  private long term = NONE;

  /**
   * It follows from now on, until it is told otherwise.
   *
   * @param applier {@link Applier#ofReplica} over the same window and buffer
   */
  public Replica(
      DurableLog log, Window window, ChunkBuffer buffer, Applier applier, RoleListener listener) {
    this.logId = log.id();
    this.window = window;
    this.buffer = buffer;
    this.applier = applier;
    this.listener = listener;
    buffer.follow();
  }

  @Override
  public void apply(LogRecord record) {
    if (record.isNote()) {
      note(record);
    } else {
      lastBatch = record.position();
      applier.apply(record);
    }
  }

  private void note(LogRecord record) {
    ReleaseNote note;
    try {
      note = ReleaseNote.decode(record.payload());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "cannot apply the note at position %d: %s".formatted(record.position(), e.getMessage()),
          e);
    }
    window.passed(record.position());
    synchronized (this) {
      note.tables().forEach(entry -> tables.merge(entry.table(), entry, Replica::newer));
      boolean frees = note.released() > window.releasePoint();
      if (frees) {
        pending = new Pending(note.released(), snapshot(record, note.released()));
      }
      window.limit(note.limits()); // what goes now goes by these
      window.released(note.released());
    }
    note.tables().forEach(entry -> buffer.moveMark(entry.table(), entry.mark()));
    applier.done(record);
    if (record.attachment() instanceof SentNote sent) {
      sent.end();
    }
  }

  /** Notes that a snapshot knows are applied again. */
  private static ReleasedTables.Entry newer(ReleasedTables.Entry a, ReleasedTables.Entry b) {
    return a.uuid().equals(b.uuid()) && a.mark() > b.mark() ? a : b;
  }

  private ReplicaSnapshot snapshot(LogRecord record, long released) {
    WindowCheckpoint.Stand stand =
        new WindowCheckpoint.Stand(record.position(), released, record.logTimeMicros());
    return new ReplicaSnapshot(
        logId, stand, window.limits(), new ArrayList<>(tables.values()), window.entries());
  }

  @Override
  public void passed(long upTo) {
    window.passed(upTo);
    buffer.applied(upTo);
  }

  @Override
  public void lost(long upTo) {
    throw new IllegalStateException(
        "cannot apply log %s: it has lost positions up to %d, which other replicas may have"
            .formatted(logId, upTo));
  }

  @Override
  public void restore(ReadableByteChannel snapshot, long released) throws IOException {
    ReplicaSnapshot.Begin begin = ReplicaSnapshot.read(snapshot, logId, window);
    if (begin.stand().released() != released) {
      throw new IOException(
          "cannot restore log %s: the snapshot released %d, the log %d"
              .formatted(logId, begin.stand().released(), released));
    }
    synchronized (this) {
      term = NONE;
      buffer.reset(released);
      pending = null;
      tables.clear();
      begin.tables().forEach(entry -> tables.put(entry.table(), entry));
    }
    begin.tables().forEach(entry -> buffer.moveMark(entry.table(), entry.mark()));
  }

  @Override
  public void leads(long newTerm) {
    synchronized (this) {
      term = newTerm;
    }
    listener.leads(newTerm);
  }

  @Override
  public void follows() {
    synchronized (this) {
      term = NONE;
      buffer.follow();
    }
    listener.follows();
  }

  /**
   * From now on this process persists the log, if it still leads it in this term.
   *
   * @param marks how far the tables hold the log, read after it led, and before it was confirmed to
   *     lead: else they may be of records that only a later leader has
   * @return whether it does
   */
  public synchronized boolean lead(long ofTerm, Map<TableKey, Long> marks) {
    if (term != ofTerm) {
      return false;
    }
    marks.forEach(buffer::moveMark);
    buffer.lead();
    return true;
  }

  /** How far the tables hold the log, as its notes and its snapshot say. */
  public synchronized List<ReleasedTables.Entry> tables() {
    return List.copyOf(tables.values());
  }

  /** What the log may let go since this was last asked; null if nothing. */
  synchronized @Nullable Pending takePending() {
    Pending newest = pending;
    pending = null;
    return newest;
  }

  /** It could not be written: again, unless there is a newer one. */
  synchronized void putBack(Pending failed) {
    if (pending == null) {
      pending = failed;
    }
  }

  /** Position of the last record of batches that was applied, or is being applied. */
  long lastBatch() {
    return lastBatch;
  }
}
