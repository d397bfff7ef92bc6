package io.sluice.lake;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs what Iceberg would give to its worker pool on the thread that asks. The pool is small and
 * all tables share it: a store that does not answer for one of them would hold up them all.
 */
final class OwnThread extends AbstractExecutorService {

  static final OwnThread EXECUTOR = new OwnThread();

  private OwnThread() {}

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException("all tables use it");
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException("all tables use it");
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
