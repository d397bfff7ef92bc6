package io.sluice.query.flightsql;

import com.google.protobuf.ByteString;
import io.sluice.query.PlainColumns;
import io.sluice.query.ReadException;
import io.sluice.query.SqlException;
import io.sluice.query.SqlResult;
import io.sluice.query.SqlSession;
import io.sluice.query.TableReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A statement with a session of its own, from its start until its last row is taken. One thread at
 * a time starts, reads and closes it; any may end it.
 */
final class Running implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  private final ByteString handle;
  private final Visitor visitor;
  private final BufferAllocator allocator;
  private final SqlSession session;
  private final Runnable released;
  private final long memory;
  private final long begun;

  /** Whether a thread has it: first the one that starts it. */
  private final AtomicBoolean taken = new AtomicBoolean(true);

  private @Nullable SqlResult result;
  private @Nullable PlainColumns columns;
  private volatile boolean offered;
  private volatile long offeredAt;
  private volatile boolean cancelled;
  private volatile @Nullable String late;
  private boolean closed; // guarded by this

  /**
   * @param allocator closed with it
   * @param session closed with it
   * @param released told once it is closed
   * @param memory bytes that a batch of its rows may have
   * @param begun when, by the clock that its time is told by
   */
  Running(
      ByteString handle,
      Visitor visitor,
      BufferAllocator allocator,
      SqlSession session,
      Runnable released,
      long memory,
      long begun) {
    this.handle = handle;
    this.visitor = visitor;
    this.allocator = allocator;
    this.session = session;
    this.released = released;
    this.memory = memory;
    this.begun = begun;
  }

  ByteString handle() {
    return handle;
  }

  Visitor visitor() {
    return visitor;
  }

  SqlSession session() {
    return session;
  }

  /** Begins to execute. */
  void start(String sql, TableReader tables, List<@Nullable Object> values)
      throws SqlException, ReadException, InterruptedException {
    SqlResult started = session.run(sql, tables, visitor.scope(), values);
    result = started;
    columns = PlainColumns.of(started, allocator, visitor.zones());
  }

  /** The caller is done with it for now, which is at that time. */
  void offer(long now) {
    offeredAt = now;
    offered = true;
    taken.set(false);
  }

  /** Whether it has taken longer than that, whatever it did; told once. */
  boolean isLate(long now, long nanos) {
    return late == null && now - begun > nanos;
  }

  /** Whether its rows have waited for longer than that, and wait. */
  boolean isUnread(long now, long nanos) {
    return offered && !taken.get() && now - offeredAt > nanos;
  }

  /** Whether the caller has it from now on, to read and to close it: nobody else does. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  /**
   * Goes to the next batch. What Arrow counts of it is there already, in DuckDB's memory: an
   * allocator that refused it would leave it there for ever.
   */
  boolean next() throws SqlException, ReadException {
    boolean more = columns().next();
    if (allocator.getAllocatedMemory() > memory) {
      throw Refusals.memory();
    }
    return more;
  }

  Schema schema() {
    return columns().schema();
  }

  PlainColumns columns() {
    PlainColumns all = columns;
    if (all == null) {
      throw new IllegalStateException("it has not been started");
    }
    return all;
  }

  /** Ends what runs, for whoever began it. */
  void cancel() {
    cancelled = true;
    interrupt();
  }

  /** Ends what runs as its time is over. */
  void end(String why) {
    late = why;
    interrupt();
  }

  private synchronized void interrupt() {
    if (!closed) { // DuckDB's own is gone then
      session.cancel();
    }
  }

  /** What to tell if it failed: that somebody ended it, if that is why. */
  Exception why(Exception failure) {
    String over = late;
    if (over != null) {
      return CallStatus.TIMED_OUT.withDescription(over).toRuntimeException();
    }
    return cancelled ? Refusals.cancelled() : failure;
  }

  @Override
  public void close() {
    try {
      closeAll();
    } catch (SqlException | IOException | RuntimeException e) {
      LOG.warn("cannot close a statement", e);
    } finally {
      released.run();
    }
  }

  private synchronized void closeAll() throws SqlException, IOException {
    closed = true;
    // the last first
    try (allocator;
        session;
        SqlResult rows = result;
        PlainColumns own = columns) {
      LOG.trace("closing {} of {}", own, rows);
    }
  }
}
