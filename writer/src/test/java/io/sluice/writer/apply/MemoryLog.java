package io.sluice.writer.apply;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A log whose records the test puts in and applies itself. What is released is gone, but for what
 * an open cursor stands on and all behind it.
 */
public final class MemoryLog implements DurableLog {

  final UUID id;
  final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
  private final Set<Cursor> cursors = ConcurrentHashMap.newKeySet();
  volatile long released;
  volatile long recovered;
  volatile long used = 2;
  volatile long budget = 2;

  public MemoryLog() {
    this(new UUID(3, 4));
  }

  MemoryLog(UUID id) {
    this.id = id;
  }

  /** All of them, by position from 1. */
  public List<LogRecord> records() {
    return records;
  }

  /** Puts a record at its position, which is the next one. */
  public void add(LogRecord record) {
    records.add(record);
    recovered = record.position();
  }

  /** The lowest position that it still has. */
  public long kept() {
    return cursors.stream().mapToLong(cursor -> cursor.at).reduce(released + 1, Math::min);
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public long firstPosition() {
    return released + 1;
  }

  @Override
  public void release(long upTo) {
    released = Math.max(released, upTo);
  }

  @Override
  public LogUsage usage() {
    return new LogUsage(used, 0, budget, budget, 0, 0);
  }

  @Override
  public void start(long from, LogConsumer consumer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void append(LogRecord record) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long recoveredPosition() {
    return recovered;
  }

  @Override
  public long promisedPosition() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long appliedPosition() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LogCursor read(long from) throws IOException {
    if (from < kept()) {
      throw new IOException("position " + from + " is released");
    }
    Cursor cursor = new Cursor(from);
    cursors.add(cursor);
    return cursor;
  }

  /** Its payload is overwritten by the next, as that of a cursor over files is. */
  private final class Cursor implements LogCursor {

    private volatile long at;
    private ByteBuffer window = ByteBuffer.allocateDirect(0);

    Cursor(long from) {
      at = from;
    }

    @Override
    public LogRecord next() {
      while (window.hasRemaining()) {
        window.put((byte) -1);
      }
      if (at > records.size()) {
        return null;
      }
      LogRecord record = records.get((int) at - 1);
      window = ByteBuffer.allocateDirect(record.payload().remaining());
      window.put(record.payload()).flip();
      LogRecord read = new LogRecord(record.stream(), window, 0, false, null);
      read.place(record.position(), record.logTimeMicros());
      at++;
      return read;
    }

    @Override
    public void close() {
      cursors.remove(this);
    }
  }

  @Override
  public void close() {}
}
