package io.sluice.writer.persist;

import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a table that could not be persisted, since it last could be.
 *
 * @param dueNanos when it is tried again
 * @param firstNanos of the first failure
 * @param stuck by the table: what failed since may have been the store
 * @param stuckNanos since when
 */
record PersistFailure(
    String reason,
    long backoffMillis,
    long dueNanos,
    long firstNanos,
    boolean stuck,
    long stuckNanos) {

  private static final long FIRST_BACKOFF_MILLIS = 500;
  private static final long LONGEST_BACKOFF_MILLIS = 30_000;

  /** Two that are each other's cause would be followed for ever. */
  private static final int MOST_CAUSES = 50;

  /** Others were persisted so long after it began to fail: store and catalog are well. */
  private static final long SICK_NANOS = Duration.ofMinutes(1).toNanos();

  /**
   * @param before of the same table, null if this is the first
   * @param others when another table was last persisted, null if none was
   */
  static PersistFailure of(
      @Nullable PersistFailure before, Throwable cause, long now, @Nullable Long others) {
    long first = before == null ? now : before.firstNanos;
    long backoff =
        before == null
            ? FIRST_BACKOFF_MILLIS
            : Math.min(before.backoffMillis * 2, LONGEST_BACKOFF_MILLIS);
    boolean isSick = others != null && others - first > SICK_NANOS;
    boolean wasStuck = before != null && before.stuck;
    long stuckNanos = isSick ? first : now;
    return new PersistFailure(
        reason(cause),
        backoff,
        now + backoff * 1_000_000,
        first,
        wasStuck || isSick || cause instanceof TableStuckException,
        before != null && wasStuck ? before.stuckNanos : stuckNanos);
  }

  PersistFailure due(long now) {
    return new PersistFailure(reason, backoffMillis, now, firstNanos, stuck, stuckNanos);
  }

  /** Whether this failure, too, is the table's own, as far as can be told. */
  boolean isOfTheTable(Throwable cause, @Nullable Long others) {
    return cause instanceof TableStuckException
        || (others != null && others - firstNanos > SICK_NANOS);
  }

  /**
   * What failed, with what the disk or the database said of it, which libraries wrap into "cannot
   * create file" and "Unknown failure". Not what a store says: its ids of requests would make each
   * failure another one.
   */
  static String reason(Throwable cause) {
    String what = message(cause);
    String why = "";
    Throwable of = cause.getCause();
    for (int i = 0; i < MOST_CAUSES && of != null; i++) {
      why = of instanceof FileSystemException file ? said(file) : why;
      why = of instanceof SQLException ? message(of) : why;
      of = of.getCause();
    }
    return what.contains(why) ? what : what + ": " + why;
  }

  /** Without the file's name, which was said. */
  private static String said(FileSystemException file) {
    return file.getReason() == null ? file.toString() : file.getReason();
  }

  /** An Error's message alone, as that of a class that does not load, does not say what it was. */
  private static String message(Throwable cause) {
    String message = cause.getMessage();
    return cause instanceof Error || message == null ? cause.toString() : message;
  }
}
