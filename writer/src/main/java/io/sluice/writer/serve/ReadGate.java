package io.sluice.writer.serve;

import io.sluice.writer.buffer.ChunkBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.flight.FlightRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Whether rows can be read, and what a read must cover while the apply is behind the log: all that
 * was called stored before it is applied. Safe for any thread.
 */
public final class ReadGate {

  private final ChunkBuffer buffer;
  private final LongSupplier promised;
  private final Supplier<@Nullable String> closed;
  private volatile boolean stopping;

  /**
   * @param promised position up to which records were called stored before they are applied; above
   *     it they are applied first
   * @param closed why nothing can be read: the tables' marks are not known yet; null once they are
   */
  public ReadGate(ChunkBuffer buffer, LongSupplier promised, Supplier<@Nullable String> closed) {
    this.buffer = buffer;
    this.promised = promised;
    this.closed = closed;
  }

  /**
   * The position that a read which is opened now must reach.
   *
   * @throws FlightRuntimeException nothing can be read yet
   */
  long target() {
    requireOpen();
    return promised.getAsLong();
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

  /** Whether what is applied is all that was called stored. */
  public boolean isWhole() {
    return closed.get() == null && buffer.applied() >= promised.getAsLong();
  }

  /** What a reader waits for now, or why there can be none; null if the apply is not behind. */
  @Nullable String waitsFor() {
    String why = closed.get();
    if (why != null) {
      return why;
    }
    long target = promised.getAsLong();
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
