package io.sluice.acceptor.receive;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests are decompressed and decoded: the most by any worker, large ones by few threads of
 * their own, one after the other. A body of 60 KiB that becomes 64 MiB takes a hundred times as
 * long as its like, and no client may wait for another's. Safe for any thread.
 */
public final class Lanes {

  /** Plain bytes beyond which a request is large: some 10 ms of a core. */
  static final int MOST_SMALL = 2 << 20;

  /** Compressed bytes beyond which it surely is: telemetry shrinks to a tenth. */
  private static final int MOST_SMALL_COMPRESSED = MOST_SMALL / 8;

  /** Each holds what it has, and the last waits for all: more are told to come again. */
  static final int MOST_WAITING = 64;

  private final Executor workers;
  private final Executor large;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param large threads for large requests alone
   */
  public Lanes(Executor workers, Executor large) {
    this.workers = workers;
    this.large = large;
  }

  /** Whether it may be small; if it is not after all, that is found out soon. */
  static boolean maySmall(Received request) {
    int most = request.encoding() == ContentEncoding.IDENTITY ? MOST_SMALL : MOST_SMALL_COMPRESSED;
    return request.body().length() <= most;
  }

  /** Large requests that wait for those before them. */
  int waiting() {
    return waiting.get();
  }

  /**
   * Does it on a worker.
   *
   * @throws RejectedExecutionException the Acceptor stops
   */
  void small(Runnable work) {
    workers.execute(work);
  }

  /**
   * Does it where large requests are; false if too many wait there already.
   *
   * @throws RejectedExecutionException the Acceptor stops
   */
  boolean large(Runnable work) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return false;
    }
    try {
      large.execute(
          () -> {
            waiting.decrementAndGet();
            work.run();
          });
      return true;
    } catch (RejectedExecutionException e) {
      waiting.decrementAndGet();
      throw e;
    }
  }
}
