package io.sluice.query.flightsql;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.opentelemetry.api.common.Attributes;
import io.sluice.query.ReadException;
import io.sluice.query.SqlBounds;
import io.sluice.query.SqlException;
import io.sluice.query.SqlSession;
import io.sluice.query.SqlShape;
import io.sluice.query.TableReader;
import io.sluice.schema.service.Telemetry;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What runs and what is prepared, bounded. A handle is a number that nobody can guess, and counts
 * for whom it was made alone. Any thread.
 */
final class Statements implements AutoCloseable {

  private static final int HANDLE_BYTES = 24;
  private static final long LOOK_MILLIS = 100;

  private final TableReader tables;
  private final BufferAllocator allocator;
  private final SqlBounds bounds;
  private final StatementLimits limits;
  private final SecureRandom random = new SecureRandom();
  private final Map<Object, Integer> held = new HashMap<>(); // guarded by itself
  private final LongSupplier nanoClock;
  private final Map<ByteString, Running> running = new ConcurrentHashMap<>();
  private final Map<ByteString, Prepared> prepared;
  private final LongAdder started;
  private final LongAdder full;
  private final LongAdder late;
  private final LongAdder unread;
  private final LongAdder dropped;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "flight-sql-timer");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param bounds of each statement
   * @param nanoClock monotonic: what time statements and handles have is told by it
   */
  Statements(
      TableReader tables,
      BufferAllocator allocator,
      SqlBounds bounds,
      StatementLimits limits,
      Telemetry telemetry,
      LongSupplier nanoClock) {
    this.tables = tables;
    this.allocator = allocator;
    this.bounds = bounds;
    this.limits = limits;
    this.nanoClock = nanoClock;
    this.started = counter(telemetry, "started");
    this.full = counter(telemetry, "refused");
    this.late = counter(telemetry, "late");
    this.unread = counter(telemetry, "unread");
    this.dropped = counter(telemetry, "dropped");
    telemetry.gauge("sluice.flightsql.statements.running", Attributes.empty(), running::size);
    this.prepared =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteString, Prepared> eldest) {
            boolean over = size() > limits.prepared();
            if (over) {
              dropped.increment();
            }
            return over;
          }
        };
    var unused =
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static LongAdder counter(Telemetry telemetry, String what) {
    return telemetry.counter("sluice.flightsql.statements." + what, Attributes.empty());
  }

  /** Begins a statement; its rows wait for {@link #take}, for a while. */
  Running start(Visitor visitor, String sql, List<@Nullable Object> values)
      throws SqlException, ReadException, InterruptedException {
    Running begun = open(visitor);
    boolean kept = false;
    try {
      whileCalled(begun, () -> begun.start(sql, tables, values));
      kept = true;
      begun.offer(nanoClock.getAsLong());
      return begun;
    } finally {
      if (!kept) {
        close(begun);
      }
    }
  }

  /** The columns and parameters of statements, in their order. */
  List<SqlShape> describe(Visitor visitor, List<String> sql)
      throws SqlException, ReadException, InterruptedException {
    Running begun = open(visitor);
    List<SqlShape> shapes = new ArrayList<>();
    try {
      whileCalled(
          begun,
          () -> {
            for (String each : sql) {
              shapes.add(begun.session().describe(each, tables, visitor.scope(), visitor.zones()));
            }
          });
      return shapes;
    } finally {
      close(begun);
    }
  }

  /** What runs in a session. */
  private interface Work {
    void run() throws SqlException, ReadException, InterruptedException;
  }

  /** Ends with the call: a client that gives up has no handle yet to cancel by. */
  private static void whileCalled(Running begun, Work work)
      throws SqlException, ReadException, InterruptedException {
    Context call = Context.current();
    Context.CancellationListener gone = context -> begun.cancel();
    call.addListener(gone, Runnable::run);
    try {
      work.run();
    } catch (SqlException | ReadException e) {
      throw thrown(begun.why(e), e);
    } finally {
      call.removeListener(gone);
    }
  }

  private static FlightRuntimeException thrown(Exception why, Exception failure) {
    FlightRuntimeException told = Refusals.of(why);
    if (why != failure) {
      told.addSuppressed(failure);
    }
    return told;
  }

  private Running open(Visitor visitor) throws SqlException {
    Object holder = visitor.holder();
    hold(holder);
    boolean opened = false;
    BufferAllocator own = allocator.newChildAllocator("statement", 0, Long.MAX_VALUE);
    try {
      SqlSession session = SqlSession.open(own, bounds);
      ByteString handle = handle();
      Running begun =
          new Running(
              handle,
              visitor,
              own,
              session,
              () -> release(holder),
              limits.memory(),
              nanoClock.getAsLong());
      running.put(handle, begun);
      opened = true;
      started.increment();
      return begun;
    } finally {
      if (!opened) {
        own.close();
        release(holder);
      }
    }
  }

  /** One more is that caller's; it has a part, and leaves the others theirs. */
  private void hold(Object holder) {
    synchronized (held) {
      int own = held.getOrDefault(holder, 0);
      int all = held.values().stream().mapToInt(Integer::intValue).sum();
      if (own >= limits.ofCaller() || all >= limits.statements()) {
        full.increment();
        throw CallStatus.RESOURCE_EXHAUSTED
            .withDescription(
                own >= limits.ofCaller()
                    ? "cannot run: %d statements of yours run already (read or close one, or raise flight-sql.max-statements-per-caller)"
                        .formatted(own)
                    : "cannot run: %d statements run already (try again, or raise flight-sql.max-statements)"
                        .formatted(all))
            .toRuntimeException();
      }
      held.put(holder, own + 1);
    }
  }

  private void release(Object holder) {
    synchronized (held) {
      held.computeIfPresent(holder, (who, own) -> own == 1 ? null : own - 1);
    }
  }

  /**
   * What was begun, for whoever reads it to its end and closes it.
   *
   * @throws FlightRuntimeException it is not there, or somebody else's
   */
  Running take(Visitor visitor, ByteString handle) {
    Running begun = running.get(handle);
    if (begun == null || !begun.visitor().is(visitor) || !begun.take()) {
      throw Refusals.unknown(
          "statement",
          "its rows can be taken once, and within %d s of its start: run it again"
              .formatted(limits.unread().toSeconds()));
    }
    return begun;
  }

  /** Ends what was begun; false: there is none of that handle, or it is somebody else's. */
  boolean cancel(Visitor visitor, ByteString handle) {
    Running begun = running.get(handle);
    if (begun == null || !begun.visitor().is(visitor)) {
      return false;
    }
    begun.cancel();
    if (begun.take()) { // nobody reads it
      close(begun);
    }
    return true;
  }

  /** Gives back all that it has; called once, by who has it. */
  void close(Running begun) {
    begun.close();
    running.remove(begun.handle(), begun);
  }

  /** Ends what is over its time; to be called every now and then. */
  void look() {
    long now = nanoClock.getAsLong();
    for (Running begun : running.values()) {
      if (begun.isLate(now, limits.time().toNanos())) {
        late.increment();
        begun.end(
            "cannot go on: the statement took longer than %d s (ask for less, or raise flight-sql.max-time)"
                .formatted(limits.time().toSeconds()));
      }
      if (begun.isUnread(now, limits.unread().toNanos()) && begun.take()) {
        unread.increment();
        close(begun);
      }
    }
    synchronized (prepared) {
      int had = prepared.size();
      prepared.values().removeIf(statement -> now - statement.used() > limits.kept().toNanos());
      dropped.add(had - prepared.size());
    }
  }

  /** Keeps a statement; of too many the one that was not used for longest goes. */
  ByteString keep(Prepared statement) {
    ByteString handle = handle();
    statement.used(nanoClock.getAsLong());
    synchronized (prepared) {
      prepared.put(handle, statement);
    }
    return handle;
  }

  /**
   * What was kept.
   *
   * @throws FlightRuntimeException it is not there, or somebody else's
   */
  Prepared kept(Visitor visitor, ByteString handle) {
    Prepared statement;
    synchronized (prepared) {
      statement = prepared.get(handle);
    }
    if (statement == null || !statement.visitor().is(visitor)) {
      throw Refusals.unknown("prepared statement", "prepare it again");
    }
    statement.used(nanoClock.getAsLong());
    return statement;
  }

  /** Forgets it, if it is the visitor's. */
  void forget(Visitor visitor, ByteString handle) {
    synchronized (prepared) {
      Prepared statement = prepared.get(handle);
      if (statement != null && statement.visitor().is(visitor)) {
        prepared.remove(handle);
      }
    }
  }

  int running() {
    return running.size();
  }

  private ByteString handle() {
    byte[] bytes = new byte[HANDLE_BYTES];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  /** Ends what runs; what a thread has is closed by that thread. */
  @Override
  public void close() {
    timer.shutdownNow();
    for (Running begun : running.values()) {
      begun.end("cannot go on: the endpoint stops (run it again)");
      if (begun.take()) {
        close(begun);
      }
    }
  }
}
