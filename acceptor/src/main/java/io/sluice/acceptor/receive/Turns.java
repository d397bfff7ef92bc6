package io.sluice.acceptor.receive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Threads that several share: each who has something to do has a turn after the other, whoever has
 * more waits for his own. Safe for any thread.
 */
final class Turns {

  private final Executor threads;

  @GuardedBy("this")
  private final TurnQueue<Task> waiting = new TurnQueue<>();

  /** Itself alone is equal to it: the same work may come twice. */
  private static final class Task {
    final String who;
    final Runnable work;

    Task(String who, Runnable work) {
      this.who = who;
      this.work = work;
    }
  }

  Turns(Executor threads) {
    this.threads = threads;
  }

  /** Runs what is of one of them, begun in its order; rejects what the threads do. */
  Executor of(String who) {
    return task -> execute(who, task);
  }

  private void execute(String who, Runnable work) {
    Task task = new Task(who, work);
    synchronized (this) {
      waiting.add(who, task);
    }
    try {
      threads.execute(this::runNext); // as many of these as there are tasks
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        if (waiting.take(who, task)) {
          throw e;
        } // else one that was on its way has it
      }
    }
  }

  private void runNext() {
    Task next;
    synchronized (this) {
      next = waiting.first(task -> true);
      if (next == null) {
        return; // whose it was took it back
      }
      waiting.take(next.who, next);
    }
    next.work.run();
  }
}
