package io.sluice.writer.serve;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * As many threads as calls need at once, up to a most; then what comes waits for one. It is left to
 * others to see to it that not all of them wait for something for long.
 */
final class CallThreads {

  private static final long IDLE_SECONDS = 60;

  /** Takes a task if a thread is idle: else the pool adds one, as long as it may. */
  private static final class Waiting extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
  }

  static ThreadPoolExecutor of(int most, String name) {
    Waiting waiting = new Waiting();
    return new ThreadPoolExecutor(
        1,
        most,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        waiting,
        body -> {
          Thread thread = new Thread(body, name);
          thread.setDaemon(true);
          return thread;
        },
        (task, pool) -> {
          if (pool.isShutdown()) {
            throw new RejectedExecutionException("no calls are taken any more");
          }
          waiting.put(task);
        });
  }

  private CallThreads() {}
}
