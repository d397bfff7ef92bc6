package io.sluice.writer.serve;

import io.grpc.Context;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.ReloadException;
import io.sluice.writer.buffer.TableBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One DoGet: expands what its read holds, in windows of about 4 MiB, as fast as the reader takes
 * them. Used by the thread of its call.
 */
final class HotStream {

  private static final long WINDOW_BYTES = 4 << 20;
  private static final Duration FOLLOW_STEP = Duration.ofSeconds(1);
  private static final long READY_POLL_MICROS = 200;

  private final ReadTicket ticket;
  private final TableBuffer table;
  private final LongSupplier applied;
  private final RowExpander expander;
  private final ServerStreamListener listener;
  private final Duration patience;

  /**
   * gRPC runs a call's callbacks one at a time, and this call's method is one of them: as long as
   * it runs, neither "ready" nor "cancelled" is called back. The context is told by another thread.
   */
  private final Context context = Context.current();

  /**
   * @param applied how far the log is applied
   * @param patience how long a reader may take nothing before it is cut
   */
  HotStream(
      ReadTicket ticket,
      TableBuffer table,
      LongSupplier applied,
      RowExpander expander,
      ServerStreamListener listener,
      Duration patience) {
    this.ticket = ticket;
    this.table = table;
    this.applied = applied;
    this.expander = expander;
    this.listener = listener;
    this.patience = patience;
  }

  /**
   * Sends the first read, which it takes over, then, if asked to follow, what arrives until the
   * reader cancels.
   */
  void run(HotRead first, Schema schema) throws InterruptedException {
    try (VectorSchemaRoot root =
        new VectorSchemaRoot(schema, expander.root().getFieldVectors(), 0)) {
      long after = first.to();
      try (first) {
        listener.start(root);
        if (!send(first, root)) {
          return;
        }
      }
      while (ticket.follow() && !context.isCancelled()) {
        if (table.awaitAdded(after, FOLLOW_STEP)) {
          try (HotRead next = table.read(after, applied.getAsLong())) {
            after = next.to();
            if (!send(next, root)) {
              return;
            }
          } catch (ReloadException e) {
            throw ReadErrors.slowReader("cannot follow: " + e.getMessage());
          }
        }
      }
      if (!context.isCancelled()) {
        listener.completed();
      }
    }
  }

  /** False if the reader is gone. */
  private boolean send(HotRead read, VectorSchemaRoot root) throws InterruptedException {
    for (HotRows part : read.rows()) {
      WireBatch wire = part.batch().wire();
      int[] rows = inTime(wire, part.rows());
      for (int from = 0; from < rows.length; ) {
        from += expander.append(wire, rows, from, rows.length, WINDOW_BYTES);
        if (from < rows.length && !flush(root)) {
          return false;
        }
      }
    }
    return expander.rows() == 0 || flush(root);
  }

  /** False if the reader is gone. */
  private boolean flush(VectorSchemaRoot root) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!listener.isReady()) {
      if (context.isCancelled()) {
        return false;
      }
      if (System.nanoTime() - end > 0) {
        throw ReadErrors.slowReader(
            "cannot go on reading %s: nothing was taken for %s (read faster, or less)"
                .formatted(table.key(), patience));
      }
      TimeUnit.MICROSECONDS.sleep(READY_POLL_MICROS);
    }
    root.setRowCount(expander.finish().getRowCount());
    listener.putNext();
    expander.reset();
    return true;
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
