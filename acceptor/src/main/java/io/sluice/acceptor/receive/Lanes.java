package io.sluice.acceptor.receive;

import io.sluice.schema.service.FairShares;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Where requests are decompressed and decoded: the most by any worker, large ones by few threads of
 * their own, one after the other. A body of 60 KiB that becomes 64 MiB takes a hundred times as
 * long as its like, and no client may wait for another's; nor may a tenant for all that another
 * sent. Safe for any thread.
 */
public final class Lanes {

  /** Plain bytes beyond which a request is large: some 10 ms of a core. */
  static final int MOST_SMALL = 2 << 20;

  /** Compressed bytes beyond which it surely is: telemetry shrinks to a tenth. */
  private static final int MOST_SMALL_COMPRESSED = MOST_SMALL / 8;

  /** Each holds what it has, and the last waits for all: more are told to come again. */
  static final int MOST_WAITING = 64;

  /** As if it were a tenant's: what is not known whose it is. */
  static final String NOBODY = "";

  private final Turns workers;
  private final Turns large;
  private final FairShares shares;
  private int waiting; // guarded by shares

  /**
   * @param large threads for large requests alone
   */
  public Lanes(Executor workers, Executor large, LongSupplier nanoClock) {
    this.workers = new Turns(workers);
    this.large = new Turns(large);
    this.shares = new FairShares(nanoClock);
  }

  /** The workers, for what is short. */
  Executor workers() {
    return workers.of(NOBODY);
  }

  /** The workers, for what is a tenant's. */
  Executor workers(String tenant) {
    return workers.of(tenant);
  }

  /** Whether it may be small; if it is not after all, that is found out soon. */
  static boolean maySmall(Received request) {
    int most = request.encoding() == ContentEncoding.IDENTITY ? MOST_SMALL : MOST_SMALL_COMPRESSED;
    return request.body().length() <= most;
  }

  /** Large requests that wait for those before them. */
  int waiting() {
    synchronized (shares) {
      return waiting;
    }
  }

  /**
   * Does it on a worker.
   *
   * @throws RejectedExecutionException the Acceptor stops
   */
  void small(String tenant, Runnable work) {
    workers.of(tenant).execute(work);
  }

  /**
   * Does it where large requests are; false if too many wait there already, or once that is half
   * so, too many of the tenant.
   *
   * @throws RejectedExecutionException the Acceptor stops
   */
  boolean large(String tenant, Runnable work) {
    if (!enter(tenant)) {
      return false;
    }
    try {
      large
          .of(tenant)
          .execute(
              () -> {
                leave(tenant);
                work.run();
              });
      return true;
    } catch (RejectedExecutionException e) {
      leave(tenant);
      throw e;
    }
  }

  private boolean enter(String tenant) {
    synchronized (shares) {
      if (waiting == MOST_WAITING
          || (waiting >= MOST_WAITING / 2 && shares.excess(tenant, 1, MOST_WAITING) > 0)) {
        shares.wants(tenant);
        return false;
      }
      waiting++;
      shares.take(tenant, 1);
      return true;
    }
  }

  private void leave(String tenant) {
    synchronized (shares) {
      waiting--;
      shares.giveBack(tenant, 1);
    }
  }
}
