package io.sluice.lake;

import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.jdbc.UncheckedInterruptedException;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * How often to try again after what may pass, and how long to wait between: one call's worth, some
 * seconds at most. A failure that takes long to come, as that of a locked database, is not waited
 * for six times.
 */
public final class Backoff {

  /** Waits; a test's returns at once. */
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  private static final int ATTEMPTS = 6;
  private static final Duration FIRST = Duration.ofMillis(50);

  private static final long LONGEST_NANOS = 5_000_000_000L;

  private final Pause pause;
  private final long begun = System.nanoTime();
  private int failures;

  Backoff(Pause pause) {
    this.pause = pause;
  }

  /** Returns when it is time to try again. */
  void after(RuntimeException failure, String what) throws LakeUnavailableException {
    if (!mayPass(failure)) {
      throw failure;
    }
    if (++failures == ATTEMPTS || System.nanoTime() - begun > LONGEST_NANOS) {
      throw new LakeUnavailableException(
          "cannot " + what + ": " + CatalogReason.of(failure) + " (retry later)", failure);
    }
    try {
      pause.of(FIRST.multipliedBy(1L << failures));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure.addSuppressed(e);
      throw new LakeUnavailableException("cannot " + what + ": interrupted", failure);
    }
  }

  /** Everything that disk, database and network throw through Iceberg; the rest are defects. */
  public static boolean mayPass(RuntimeException failure) {
    return failure instanceof UncheckedSQLException
        || failure instanceof UncheckedIOException
        || failure instanceof UncheckedInterruptedException
        || failure instanceof CommitFailedException
        || failure instanceof CommitStateUnknownException
        || failure instanceof NotFoundException
        || failure instanceof FileFailedException
        || failure instanceof RESTException
        || failure instanceof MarkMovedException
        || failure instanceof FoundOwnCommitException
        || failure.getCause() instanceof InterruptedException;
  }
}
