package io.sluice.schema.port;

import io.grpc.Context;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * As many threads as calls need at once, up to a most; then what comes waits for one. It is left to
 * others to see to it that not all of them wait for something for long.
 */
public final class CallThreads {

  private static final long IDLE_SECONDS = 60;

  /** Takes a task if a thread is idle: else the pool adds one, as long as it may. */
  private static final class Waiting extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
  }

  public static ThreadPoolExecutor of(int most, String name) {
    Waiting waiting = new Waiting();
    return new Threads(
        most,
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

  /** What is handed over goes on as the call that hands it over. */
  private static final class Threads extends ThreadPoolExecutor {
    Threads(int most, Waiting waiting, ThreadFactory made, RejectedExecutionHandler full) {
      super(1, most, IDLE_SECONDS, TimeUnit.SECONDS, waiting, made, full);
    }

    @Override
    public void execute(Runnable task) {
      Context call = Context.current();
      super.execute(call.equals(Context.ROOT) ? task : call.wrap(task));
    }
  }

  private CallThreads() {}
}
