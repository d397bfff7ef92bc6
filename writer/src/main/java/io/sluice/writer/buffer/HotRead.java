package io.sluice.writer.buffer;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reader asked for: rows with a position in (after, to]. Those in memory are held until
 * they are sent or the read is closed; those in the log only are read a batch at a time, and the
 * log keeps them as long. Used by the reader's thread; the pace thread looks at what it pins and
 * may cut it, which the reader's thread sees and ends the read by an error.
 */
public final class HotRead implements AutoCloseable {

  private static final long NOTHING = Long.MAX_VALUE;

  private final TableKey table;
  private final long after;
  private final long to;
  private final LoggedRows logged;
  private final HotReads reads;
  // Guarded by this: the pace thread looks.
  private final Deque<HotPart> parts;
  private final Deque<HotRows> rows = new ArrayDeque<>();
  private @Nullable HotBatch current;
  private boolean currentIsReadBack;
  // The reader's thread only. The cursor stays open when its part is at its end: it keeps the log
  // for the parts behind it.
  private LoggedRows.@Nullable Cursor cursor;
  private @Nullable LoggedPart at;
  private LoggedRows.@Nullable Cursor reading;
  // Open from the begin: a parked file may be gone by the time it is read, and is kept by that.
  private final Deque<LoggedRows.Cursor> parked = new ArrayDeque<>();
  private int loggedParts;
  private volatile long pinned = NOTHING;
  private volatile @Nullable String cut;

  /**
   * Call while none of the parts can be persisted.
   *
   * @param parts in position order; what is in memory is retained
   * @throws IOException the log has let go of what is in it only
   */
  HotRead(
      TableKey table, List<HotPart> parts, long after, long to, LoggedRows logged, HotReads reads)
      throws IOException {
    this.table = table;
    this.after = after;
    this.to = to;
    this.logged = logged;
    this.reads = reads;
    this.parts = new ArrayDeque<>(parts);
    try {
      for (HotPart part : parts) {
        if (part instanceof LoggedPart next && next.parked()) {
          parked.add(logged.open(table, next, after));
        } else if (part instanceof LoggedPart next && loggedParts++ == 0) {
          open(next);
        }
      }
    } catch (Throwable e) { // an Error too: nobody else knows of the cursors
      closeCursors();
      throw e;
    }
    for (HotPart part : parts) {
      if (part instanceof LoadedPart loaded) {
        loaded.content().batch().retain();
      }
    }
  }

  /** The highest position it covers. */
  public long to() {
    return to;
  }

  /**
   * The next rows, which stay held until the call after it; null if there are no more.
   *
   * @throws IOException rows that are in the log only cannot be read back
   */
  public @Nullable HotRows next() throws IOException {
    while (true) {
      HotRows next = poll();
      if (next != null) {
        return next;
      }
      BatchRows batch = nextBatch();
      if (batch == null) {
        return null;
      }
      take(batch);
    }
  }

  private synchronized @Nullable HotRows poll() {
    HotRows next = rows.poll();
    if (next == null) {
      letGo();
    }
    return next;
  }

  private synchronized void take(BatchRows batch) throws IOException {
    HotBatch taken = batch.batch();
    try {
      taken.use();
    } catch (Throwable e) { // an Error too: it is in no list any more
      taken.release();
      throw e;
    }
    current = taken;
    currentIsReadBack = reading != null;
    batch.byChunk().forEach((key, picked) -> rows.add(new HotRows(batch.batch(), picked)));
  }

  private @Nullable BatchRows nextBatch() throws IOException {
    while (true) {
      if (reading != null) {
        BatchRows batch = reading.next();
        if (batch != null) {
          pinned = reading == cursor ? batch.batch().position() : pinned;
          return batch;
        }
        if (reading != cursor) {
          reading.close();
        }
        reading = null;
      }
      HotPart part = nextPart();
      if (!(part instanceof LoggedPart next)) {
        return part instanceof LoadedPart loaded ? loaded.content() : null;
      }
      if (next.parked()) {
        reading = parked.remove();
        continue;
      }
      loggedParts--;
      if (!next.equals(at)) {
        open(next);
      }
      reading = cursor;
    }
  }

  private @Nullable HotPart nextPart() {
    if (loggedParts == 0) {
      closeCursor();
    }
    synchronized (this) {
      return parts.poll();
    }
  }

  /** The next cursor before the last one is closed: the log keeps all from the first one on. */
  private void open(LoggedPart part) throws IOException {
    LoggedRows.Cursor next = logged.open(table, part, after);
    closeCursor();
    cursor = next;
    at = part;
    pinned = Math.max(after, part.from()) + 1;
  }

  private void closeCursor() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
      pinned = NOTHING;
    }
  }

  private void closeCursors() {
    if (reading != null && reading != cursor) {
      reading.close();
    }
    reading = null;
    parked.forEach(LoggedRows.Cursor::close);
    parked.clear();
    closeCursor();
  }

  public boolean isCut() {
    return cut != null;
  }

  /** Why this read must end; null while it need not. */
  public @Nullable String cutReason() {
    return cut;
  }

  void cut(String reason) {
    cut = reason;
  }

  /** Whether it holds rows in memory that no set holds any more. */
  synchronized boolean pinsReleased() {
    return (current != null && current.isLetGo())
        || parts.stream()
            .anyMatch(
                part -> part instanceof LoadedPart loaded && loaded.content().batch().isLetGo());
  }

  /** Whether it holds rows in memory that were read back for it. */
  synchronized boolean holdsReadBack() {
    return current != null && currentIsReadBack;
  }

  /** Whether the log keeps positions up to {@code upTo} for it. */
  boolean pinsLog(long upTo) {
    return pinned <= upTo;
  }

  private void letGo() {
    if (current != null) {
      current.done();
      current.release();
      current = null;
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      rows.clear();
      letGo();
      for (HotPart part : parts) {
        if (part instanceof LoadedPart loaded) {
          loaded.content().batch().release();
        }
      }
      parts.clear();
    }
    reads.closed(this);
    closeCursors();
  }
}
