package io.sluice.query;

import io.sluice.query.ReadRefusedException.Reason;
import io.sluice.schema.wire.ReadTicket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * One log of a {@link Follow}: read at its leader, and where that breaks, at whoever leads it then,
 * from where it was. Its thread alone uses it, but for {@link #stop}.
 */
final class FollowedLog implements Runnable {

  private static final Set<FlightStatusCode> PASSING =
      EnumSet.of(
          FlightStatusCode.UNAVAILABLE,
          FlightStatusCode.TIMED_OUT,
          FlightStatusCode.CANCELLED,
          FlightStatusCode.RESOURCE_EXHAUSTED);

  private static final Duration OPEN = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_MILLIS = 25;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final Writers writers;
  private final ReadTicket ticket;
  private final int number;
  private final Follower follower;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable FlightStream open;
  private @Nullable UUID id;
  private Reach reach = new Reach(0, 0);
  private boolean lost;
  private boolean guessing;
  private long pauseMillis = FIRST_PAUSE_MILLIS;

  /**
   * @param ticket of the table, without positions
   */
  FollowedLog(Writers writers, ReadTicket ticket, int number, Follower follower) {
    this.writers = writers;
    this.ticket = ticket;
    this.number = number;
    this.follower = follower;
  }

  /** Where to begin: before the thread does. */
  void begin(ClusterLogs cluster, ClusterLog log, Map<UUID, Long> after) {
    UUID known = log.id();
    if (known != null && after.containsKey(known)) {
      id = known;
      reach = new Reach(after.get(known), 0);
    } else if (cluster.place(log) != null) {
      beginNow(log);
    }
  }

  /** What its Writers have applied by now is not brought. */
  private void beginNow(ClusterLog log) {
    id = log.id();
    reach =
        new Reach(log.holders().values().stream().mapToLong(LogClaim::applied).max().orElse(0), 0);
  }

  /** Ends it, from any thread. */
  void stop() {
    stopped.countDown();
    FlightStream stream = open;
    if (stream != null) {
      stream.cancel("nobody reads on", null);
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  @Override
  public void run() {
    try {
      while (!isStopped()) {
        try {
          read();
          lost(new ReadException("the read of %s ended".formatted(ticket.table()), null));
        } catch (ReadException e) {
          if (isStopped()) {
            return;
          }
          if (!(e instanceof ReadRefusedException refused && refused.reason() == Reason.RELOAD)
              && !passes(e)) {
            follower.failed(e);
            return;
          }
          lost(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!isStopped()) {
        follower.failed(new ReadException("cannot follow %s: %s".formatted(ticket.table(), e), e));
      }
    }
  }

  private static boolean passes(ReadException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof FlightRuntimeException flight) {
        return PASSING.contains(flight.status().code());
      }
    }
    return e.passes();
  }

  private void lost(ReadException why) throws InterruptedException {
    guessing = true;
    if (!lost) {
      lost = true;
      follower.lost(number, why);
    }
    if (!stopped.await(pauseMillis, TimeUnit.MILLISECONDS)) {
      pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    }
  }

  private void read() throws ReadException, InterruptedException {
    ClusterLogs cluster = guessing ? writers.logsOfAll() : writers.logs();
    ClusterLog log = cluster.logs().get(number);
    LogPlace place = cluster.place(log);
    if (place == null) {
      throw new LogUnledException("%s: %s".formatted(log.name(), cluster.unled(log)));
    }
    if (id == null) {
      beginNow(log);
    } else if (!place.id().equals(id)) {
      follower.leftOut(
          number,
          "log %d is another one now (%s, not %s): what is persisted of it already is left out"
              .formatted(number, place.id(), id));
      id = place.id();
      reach = new Reach(0, 0);
    }
    WriterClient writer = writers.client(place.leader());
    ReadTicket from = place.ticket(ticket.with(Map.of(place.id(), reach.position())));
    try (FlightStream stream = writer.start(from)) {
      open = stream;
      if (isStopped()) {
        return;
      }
      take(writer, place, stream);
    } catch (ReadRefusedException e) {
      if (e.reason() == Reason.RELOAD) {
        passOver(writer, place, e);
      } else {
        throw e;
      }
    } catch (ReadException | RuntimeException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new ReadException("cannot close the read of " + place.of(ticket), e);
    } finally {
      open = null;
    }
  }

  private void take(WriterClient writer, LogPlace place, FlightStream stream) throws ReadException {
    writer.pinned(stream, place.of(ticket), OPEN);
    if (lost) {
      lost = false;
      follower.back(number);
    }
    long came = 0;
    long known = reach.rows();
    try {
      while (writer.next(stream)) {
        VectorSchemaRoot rows = stream.getRoot();
        int first = (int) Math.min(rows.getRowCount(), Math.max(0, known - came));
        came += rows.getRowCount();
        if (first < rows.getRowCount()) {
          follower.rows(rows, first);
        }
        // an earlier Writer says nothing of where it is: then rows are counted from the begin
        Reach now = Reach.of(stream.getLatestMetadata());
        reach = reach.further(now == null ? new Reach(reach.position(), came) : now);
        guessing = false;
        pauseMillis = FIRST_PAUSE_MILLIS;
      }
    } catch (FlightRuntimeException e) {
      throw writer.failure("go on reading " + place.of(ticket), e);
    }
  }

  /** Rows that only the table has by now are left to it. */
  private void passOver(WriterClient writer, LogPlace place, ReadRefusedException why)
      throws ReadException {
    long mark = writer.marks(ticket.tenant(), ticket.table()).getOrDefault(place.id(), 0L);
    if (mark <= reach.position()) {
      throw why;
    }
    follower.leftOut(
        number,
        "rows of %s were persisted before they could be taken: positions %d to %d of log %d"
            .formatted(ticket.table(), reach.position() + 1, mark, number));
    reach = new Reach(mark, 0);
  }
}
