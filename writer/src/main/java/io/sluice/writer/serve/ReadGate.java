package io.sluice.writer.serve;

import io.sluice.wal.DurableLog;
import io.sluice.wal.NotLeaderException;
import io.sluice.writer.buffer.ChunkBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.arrow.flight.FlightRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rows of a log can be read, and what a read must cover: all that was called stored,
 * also while the apply is behind the log. Safe for any thread.
 */
public final class ReadGate {

  /** An election takes less; whoever is cut off does not find out sooner. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ChunkBuffer buffer;
  private final DurableLog log;
  private final Supplier<@Nullable String> closed;
  private final Duration patience;
  private volatile boolean stopping;

  /**
   * What a read must reach.
   *
   * @param partial why there may be more that was called stored; null if there is not
   */
  record Target(long position, @Nullable String partial) {}

  /**
   * @param closed why nothing can be read: the tables' marks are not known yet; null once they are
   */
  public ReadGate(ChunkBuffer buffer, DurableLog log, Supplier<@Nullable String> closed) {
    this(buffer, log, closed, PATIENCE);
  }

  /**
   * @param patience how long a read waits until it is confirmed that this Writer leads the log
   */
  ReadGate(
      ChunkBuffer buffer, DurableLog log, Supplier<@Nullable String> closed, Duration patience) {
    this.buffer = buffer;
    this.log = log;
    this.closed = closed;
    this.patience = patience;
  }

  /**
   * What a read that is opened now must reach.
   *
   * @param allowPartial take what is applied here if nobody confirms that this Writer leads the log
   * @throws FlightRuntimeException nothing can be read yet, or another Writer leads
   */
  Target target(boolean allowPartial) throws InterruptedException {
    requireOpen();
    CompletableFuture<Long> confirmed = log.confirm();
    String why;
    try {
      return new Target(confirmed.get(patience.toMillis(), TimeUnit.MILLISECONDS), null);
    } catch (TimeoutException e) {
      confirmed.cancel(false);
      why = "for %s nobody confirmed that this Writer leads the log".formatted(patience);
    } catch (ExecutionException e) {
      why = notLeader(e.getCause());
    }
    if (allowPartial) {
      return new Target(buffer.applied(), why);
    }
    throw ReadErrors.leader("cannot read: %s (ask its leader)".formatted(why));
  }

  private static String notLeader(@Nullable Throwable cause) {
    String leader = cause instanceof NotLeaderException other ? other.leader() : null;
    return cause instanceof NotLeaderException
        ? "this Writer does not lead the log"
            + (leader == null ? "" : ", which is led by " + leader)
        : "it cannot be told whether this Writer leads the log: " + cause;
  }

  /** Nothing may be asked of the buffer's tables before: they would begin with wrong marks. */
  void requireOpen() {
    String why = closed.get();
    if (why != null) {
      throw ReadErrors.leader(why);
    }
  }

  /** The Writer stops: whoever follows is told so, and everybody else has a while to end. */
  public void stop() {
    stopping = true;
  }

  /** Reads that would never end of themselves ask this now and then. */
  void requireRunning() {
    if (stopping) {
      throw ReadErrors.leader("cannot follow any longer: the Writer is stopping (ask again)");
    }
  }

  /** Whether this Writer leads the log, as far as it knows: who follows it goes on then. */
  void requireLeads() {
    if (!log.leadership().leads()) {
      throw ReadErrors.leader(
          "cannot follow any longer: this Writer does not lead the log any more (ask its leader)");
    }
  }

  /** Whether what is applied is all that was called stored. */
  public boolean isWhole() {
    return closed.get() == null && buffer.applied() >= log.promisedPosition();
  }

  /** What a reader waits for now, or why there can be none; null if the apply is not behind. */
  @Nullable String waitsFor() {
    String why = closed.get();
    if (why != null) {
      return why;
    }
    long target = log.promisedPosition();
    long applied = buffer.applied();
    return applied >= target
        ? null
        : "the log is replayed: applied up to position %d of %d".formatted(applied, target);
  }

  long applied() {
    return buffer.applied();
  }

  /** Waits until everything up to {@code position} is applied, or the time is up. */
  boolean await(long position, Duration time) throws InterruptedException {
    return buffer.awaitApplied(position, time);
  }
}
