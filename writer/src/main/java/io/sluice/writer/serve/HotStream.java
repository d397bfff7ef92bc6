package io.sluice.writer.serve;

import io.grpc.Context;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.ReloadException;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One DoGet: expands what its read holds, in windows of 4 MiB or less, as fast as the reader takes
 * them. Used by the thread of its call.
 */
final class HotStream {

  private static final long SECOND = 1_000_000_000;
  private static final Duration FOLLOW_STEP = Duration.ofSeconds(1);
  private static final Duration CATCH_UP_STEP = Duration.ofMillis(100);

  /** A reader that waits for rows gets an empty batch so often, as a sign of life. */
  private static final long SIGN_OF_LIFE_NANOS = 10 * SECOND;

  /** How often a reader is looked at that lets wait: seldom, once it has for long. */
  private static final long LEAST_POLL_MICROS = 200;

  private static final long MOST_POLL_MICROS = 20_000;
  private static final long POLLS_PER_WAIT = 16;

  /** A reader that is slower in the long run holds memory for longer than anybody waits. */
  private static final long LEAST_BYTES_PER_SECOND = 1 << 20;

  private final ReadTicket ticket;
  private final TableKey key;
  private final ChunkBuffer buffer;
  private final ReadGate gate;
  private final RowExpander expander;
  private final ServerStreamListener listener;
  private final ReadLimits limits;
  private final LongSupplier windowBytes;

  /**
   * gRPC runs a call's callbacks one at a time, and this call's method is one of them: as long as
   * it runs, neither "ready" nor "cancelled" is called back. The context is told by another thread.
   */
  private final Context context = Context.current();

  private final Reached reached;
  private long spoke;

  /**
   * @param after up to where the reader has all rows
   * @param windowBytes how much is expanded and sent at once, as things are
   */
  HotStream(
      ReadTicket ticket,
      long after,
      ChunkBuffer buffer,
      ReadGate gate,
      RowExpander expander,
      ServerStreamListener listener,
      ReadLimits limits,
      LongSupplier windowBytes) {
    this.ticket = ticket;
    this.key = new TableKey(ticket.tenant(), ticket.table());
    this.buffer = buffer;
    this.gate = gate;
    this.expander = expander;
    this.listener = listener;
    this.limits = limits;
    this.windowBytes = windowBytes;
    this.reached = new Reached(after);
  }

  /**
   * Sends the first read, which it takes over, then what is applied up to {@code to}, not a row
   * more; then, if asked to follow, what arrives until the reader cancels.
   *
   * @throws ReloadException rows that it waited for are in the table only by now
   * @throws IOException rows that are in the log only cannot be read back
   */
  void run(HotRead first, long to, Schema schema)
      throws InterruptedException, IOException, ReloadException {
    try (VectorSchemaRoot root =
        new VectorSchemaRoot(schema, expander.root().getFieldVectors(), 0)) {
      long after = first.to();
      try (first) {
        listener.start(root);
        if (!send(first, to, root)) {
          return;
        }
      }
      if (!catchUp(after, to, root)) {
        return;
      }
      after = to;
      spoke = limits.nanos().getAsLong();
      while (ticket.follow() && !context.isCancelled()) {
        gate.requireRunning();
        if (!ticket.allowPartial()) {
          gate.requireLeads();
        }
        if (!buffer.awaitAdded(key, after, FOLLOW_STEP)) {
          signOfLife(root);
        } else {
          try (HotRead next = buffer.read(key, after)) {
            after = next.to();
            if (!send(next, after, root)) {
              return;
            }
          } catch (ReloadException e) {
            throw slow("cannot follow: " + e.getMessage());
          }
        }
      }
      if (awaitTaken()) {
        listener.completed();
      }
    }
  }

  /**
   * Sends what is between two positions as it is applied; false if the reader is gone. It waits as
   * long as the apply gets on.
   */
  private boolean catchUp(long from, long to, VectorSchemaRoot root)
      throws InterruptedException, IOException, ReloadException {
    long after = from;
    long applied = gate.applied();
    long moved = limits.nanos().getAsLong();
    spoke = moved;
    while (after < to) {
      if (context.isCancelled()) {
        return false;
      }
      boolean all = gate.await(to, CATCH_UP_STEP);
      long now = limits.nanos().getAsLong();
      if (gate.applied() > applied || all) {
        applied = gate.applied();
        moved = now;
      } else if (now - moved > limits.patience().toNanos()) {
        throw ReadErrors.leader(
            "cannot go on reading %s: the log is replayed, and for %s nothing was applied after position %d of %d (ask again)"
                .formatted(key, limits.patience(), applied, to));
      }
      try (HotRead next = buffer.read(key, after)) {
        after = Math.min(next.to(), to);
        if (!send(next, to, root)) {
          return false;
        }
      }
      signOfLife(root);
    }
    return true;
  }

  private void signOfLife(VectorSchemaRoot root) {
    if (limits.nanos().getAsLong() - spoke > SIGN_OF_LIFE_NANOS && listener.isReady()) {
      put(root);
    }
  }

  /** Sends the rows up to a position; false if the reader is gone. */
  private boolean send(HotRead read, long upTo, VectorSchemaRoot root)
      throws InterruptedException, IOException {
    Taken taken = new Taken();
    for (HotRows part = read.next(); part != null; part = read.next()) {
      if (part.batch().position() > upTo) {
        continue;
      }
      WireBatch wire = part.batch().wire();
      int[] rows = inTime(wire, part.rows());
      reached.beginsAt(part.batch().position());
      for (int from = 0; from < rows.length; ) {
        int appended = expander.append(wire, rows, from, rows.length, windowBytes.getAsLong());
        from += appended;
        reached.sent(appended);
        if (from < rows.length) {
          long bytes = expander.bytes();
          if (!flush(read, root, taken)) {
            return false;
          }
          taken.bytes += bytes;
        }
      }
    }
    reached.done(Math.min(read.to(), upTo));
    return expander.rows() == 0 || flush(read, root, taken);
  }

  /** What a reader took of one read, and for how long it let the Writer wait. */
  private static final class Taken {
    long bytes;
    long waitedNanos;
  }

  /** False if the reader is gone. */
  private boolean flush(HotRead read, VectorSchemaRoot root, Taken taken)
      throws InterruptedException {
    long asked = limits.nanos().getAsLong();
    while (!listener.isReady()) {
      if (context.isCancelled()) {
        return false;
      }
      long now = limits.nanos().getAsLong();
      if (now - asked > limits.patience().toNanos()) {
        throw slow(
            "cannot go on reading %s: nothing was taken for %s (read faster, or less)"
                .formatted(key, limits.patience()));
      }
      long waited = taken.waitedNanos + (now - asked);
      if (waited > limits.patience().toNanos() + taken.bytes / LEAST_BYTES_PER_SECOND * SECOND) {
        throw slow(
            "cannot go on reading %s: %d bytes were taken in %d s (read faster, or less)"
                .formatted(key, taken.bytes, waited / SECOND));
      }
      requireUncut(read);
      pause(now - asked);
    }
    taken.waitedNanos += limits.nanos().getAsLong() - asked;
    requireUncut(read);
    put(root);
    return true;
  }

  /**
   * A read that ends is no longer counted among those that are open: what it has sent must be all
   * but taken by then. False if the reader is gone.
   */
  private boolean awaitTaken() throws InterruptedException {
    long asked = limits.nanos().getAsLong();
    while (!context.isCancelled()) {
      if (listener.isReady()) {
        return true;
      }
      long waited = limits.nanos().getAsLong() - asked;
      if (waited > limits.patience().toNanos()) {
        throw slow(
            "cannot end reading %s: the last rows were not taken for %s (read faster, or less)"
                .formatted(key, limits.patience()));
      }
      pause(waited);
    }
    return false;
  }

  /** Hundreds of readers that take nothing must not take the processors, either. */
  private static void pause(long waitedNanos) throws InterruptedException {
    long micros = TimeUnit.NANOSECONDS.toMicros(waitedNanos) / POLLS_PER_WAIT;
    TimeUnit.MICROSECONDS.sleep(Math.max(LEAST_POLL_MICROS, Math.min(MOST_POLL_MICROS, micros)));
  }

  private void put(VectorSchemaRoot root) {
    root.setRowCount(expander.finish().getRowCount());
    if (ticket.follow()) {
      byte[] json = reached.toJson();
      ArrowBuf beside = root.getVector(0).getAllocator().buffer(json.length);
      beside.writeBytes(json);
      listener.putNext(beside); // which frees it
    } else {
      listener.putNext();
    }
    spoke = limits.nanos().getAsLong();
    expander.reset();
  }

  private void requireUncut(HotRead read) {
    String reason = read.cutReason();
    if (reason != null) {
      throw slow(
          "cannot go on reading %s: %s (ask again, with the table loaded anew)"
              .formatted(key, reason));
    }
  }

  private FlightRuntimeException slow(String message) {
    limits.cut().increment();
    return ReadErrors.slowReader(message);
  }

  private int[] inTime(WireBatch wire, int[] rows) {
    if (ticket.from() == null && ticket.to() == null) {
      return rows;
    }
    long from = micros(ticket.from(), Long.MIN_VALUE);
    long to = micros(ticket.to(), Long.MAX_VALUE);
    return Arrays.stream(rows)
        .filter(row -> wire.timeMicros(row) >= from && wire.timeMicros(row) < to)
        .toArray();
  }

  private static long micros(@Nullable Instant time, long none) {
    return time == null ? none : ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
