package io.sluice.bench.harness;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Work on a thread of its own, which does not keep the JVM; whoever waits for it sees it fail. */
final class Beside<T> implements AutoCloseable {

  private static final long POLL_MILLIS = 100;

  private final FutureTask<T> task;
  private final Thread thread;

  private Beside(String name, Callable<T> work) {
    this.task = new FutureTask<>(work);
    this.thread = new Thread(task, name);
    thread.setDaemon(true);
  }

  static <T> Beside<T> start(String name, Callable<T> work) {
    Beside<T> beside = new Beside<>(name, work);
    beside.thread.start();
    return beside;
  }

  /** What came of it, null while it runs; throws what it failed with. */
  @Nullable T poll() throws Exception {
    return task.isDone() ? result(0) : null;
  }

  T await(Deadline deadline, String what) throws Exception {
    while (true) {
      try {
        return result(POLL_MILLIS);
      } catch (TimeoutException e) {
        deadline.check(what);
      }
    }
  }

  private T result(long millis) throws Exception {
    try {
      return task.get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Interrupts it if it still runs. */
  @Override
  public void close() {
    task.cancel(true);
  }
}
