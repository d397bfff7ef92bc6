package io.sluice.wal;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * An ordered sequence of records, each durable before it is applied. Two forms stand behind it: one
 * disk (LocalLog) or a majority of replicas. Everything above knows only this.
 *
 * <p>State is a function of the log: a record is appended first and decided when it is applied.
 * Positions start at 1 and only grow; they mean nothing in a log with another id.
 */
public interface DurableLog extends AutoCloseable {

  /** Made at random with the log's directory; a new disk is a new log. */
  UUID id();

  /**
   * Replays what the log holds at or after {@code from}, then goes on with what is appended: one
   * consumer, on one thread, in position order. Appends are taken before it is started and while
   * the replay runs: then the apply is behind, and they are replayed as well.
   */
  void start(long from, LogConsumer consumer);

  /**
   * Hands over one record and returns at once. It ends in {@link LogConsumer#apply} once it is
   * durable; or, while the apply is behind, in {@link LogRecord.Attachment#durable}; or in {@link
   * LogRecord.Attachment#failed}. The payload belongs to the log until then.
   *
   * @throws LogFullException the disk budget is used up: the caller refuses, retryable
   * @throws LogFailedException an earlier write or force failed: nothing will ever be durable again
   */
  void append(LogRecord record) throws LogFullException, LogFailedException;

  /** The lowest position that can still be read, or one more than the last if there is none. */
  long firstPosition();

  /** The last position that was in the log when it was opened; 0 for a new one. */
  long recoveredPosition();

  /**
   * Up to here the log was found, or called durable before it was applied. Once that is applied the
   * apply is live, and this does not change any more; what is above is told only when it is
   * applied.
   */
  long promisedPosition();

  /** The highest position that was applied with no gap below it; 0 before the first. */
  long appliedPosition();

  /**
   * A cursor over durable records at or after {@code from}; its holder closes it. What records
   * before that hold is not checked.
   */
  LogCursor read(long from) throws IOException;

  /**
   * The same for who wants some streams only. Records of others may be passed over, by what their
   * headers say: these are checked, but not what the records hold. Of a stream that is wanted, all
   * is checked as ever, and none is passed over.
   *
   * @param wanted quick; asked now and then for each stream that is met, maybe again
   */
  default LogCursor read(long from, Predicate<byte[]> wanted) throws IOException {
    return read(from);
  }

  /** Nothing at or below {@code upTo} is needed any more. Lower than an earlier call: no effect. */
  void release(long upTo);

  /**
   * The same of a replicated log, which keeps what a replica needs that begins behind {@code upTo}:
   * forced before anything is let go, given to {@link LogConsumer#restore} at the next start, and
   * sent to replicas that are too far behind.
   *
   * @throws IOException it cannot be kept: nothing is released
   */
  default void release(long upTo, Snapshot snapshot) throws IOException {
    throw new UnsupportedOperationException("cannot keep a snapshot: the log is not replicated");
  }

  /**
   * Whether other processes have copies of it. Then every process applies it, one leads, and only
   * that one takes records; positions may have gaps, as the log has records of its own; {@link
   * #start} begins behind the last release, whatever it is told.
   */
  default boolean isReplicated() {
    return false;
  }

  /** Who leads, as far as is known here. */
  default Leadership leadership() {
    return Leadership.ALONE;
  }

  /**
   * Asks a majority whether this process leads still, at some time after the call.
   *
   * @return the position that a read which begins now must reach: all that was called durable
   *     before the call is at or below it. Fails with {@link NotLeaderException}.
   */
  default CompletableFuture<Long> confirm() {
    return CompletableFuture.completedFuture(promisedPosition());
  }

  /** How many positions are known to be lost, of those read since the log was opened. */
  default long lostPositions() {
    return 0;
  }

  /** Bytes of the disk budget that are in use, and the budget. */
  LogUsage usage();

  /** Stops taking, makes durable and applies what was taken, writes the trailing mark, frees. */
  @Override
  void close();
}
