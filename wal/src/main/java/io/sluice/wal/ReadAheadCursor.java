package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replay whose segments a thread of its own reads before: what that reads is thrown away, and is
 * in the system's page cache when the replay comes to it. So the disk works while records are
 * applied, and nothing is shared but the cache. It is never further ahead than the segment after
 * the replay's, and reads closed segments only: what is being written is not its business.
 */
final class ReadAheadCursor implements LogCursor {
  private static final Logger LOG = LoggerFactory.getLogger(ReadAheadCursor.class);

  /** A shorter replay is over before a thread pays. */
  static final long WORTH_BYTES = 128L << 20;

  private static final int READ_BYTES = 1 << 20;

  private final LogCursor records;
  private final Storage storage;
  private final List<Segment> segments;
  private final Thread thread = new Thread(this::readAll, "wal-read-ahead");
  private int at; // the replay's thread only
  // Guarded by this.
  private int allowed = 1;
  private int begun = -1;
  private boolean isIdle;
  private boolean closed;

  private ReadAheadCursor(LogCursor records, Storage storage, List<Segment> segments) {
    this.records = records;
    this.storage = storage;
    this.segments = segments;
  }

  /**
   * The cursor itself if it is not worth it.
   *
   * @param records stands in the first of the segments, and pins it
   * @param segments closed ones, in order
   * @param worthBytes how much must be to read
   */
  static LogCursor over(
      LogCursor records, Storage storage, List<Segment> segments, long worthBytes) {
    if (segments.isEmpty() || segments.stream().mapToLong(Segment::end).sum() < worthBytes) {
      return records;
    }
    ReadAheadCursor ahead = new ReadAheadCursor(records, storage, List.copyOf(segments));
    ahead.thread.setDaemon(true);
    ahead.thread.start();
    return ahead;
  }

  @Override
  public @Nullable LogRecord next() throws IOException {
    LogRecord record = records.next();
    if (record != null) {
      while (at < segments.size() && record.position() > segments.get(at).lastPosition()) {
        at++;
        allow(at + 1);
      }
    }
    return record;
  }

  private synchronized void allow(int index) {
    allowed = index;
    isIdle = isIdle && index >= segments.size();
    notifyAll();
  }

  @Override
  public long lostUpTo() {
    return records.lostUpTo();
  }

  private void readAll() {
    ByteBuffer scratch = ByteBuffer.allocateDirect(READ_BYTES);
    try {
      for (int i = 0; i < segments.size() && awaitAllowed(i); i++) {
        read(segments.get(i), scratch);
      }
    } catch (IOException e) {
      LOG.debug("cannot read ahead: the replay meets the same, and says so", e);
    } finally {
      idle();
    }
  }

  private void read(Segment segment, ByteBuffer scratch) throws IOException {
    try (Storage.StorageFile file =
        storage.open(segment.header().fileName(), Storage.Access.READ)) {
      int read = 0;
      for (long from = 0; read >= 0 && from < segment.end() && !isClosed(); from += read) {
        scratch.clear().limit((int) Math.min(READ_BYTES, segment.end() - from));
        read = file.read(scratch, from);
      }
    }
  }

  private synchronized boolean awaitAllowed(int index) {
    boolean interrupted = false;
    while (index > allowed && !closed) {
      idle();
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // ends by being closed only
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    isIdle = false;
    begun = closed ? begun : index;
    return !closed;
  }

  private synchronized void idle() {
    isIdle = true;
    notifyAll();
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /**
   * For tests: waits until it has read what it may; the index of the last segment that it began.
   */
  synchronized int awaitIdle() throws InterruptedException {
    while (!isIdle) {
      wait();
    }
    return begun;
  }

  /** For tests. */
  boolean isReading() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(); // a read at most: no file of it is open afterwards
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    records.close();
  }
}
