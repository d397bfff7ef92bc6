package io.sluice.bench.torture;

import io.sluice.bench.torture.FaultKind.Track;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does what is planned: a thread for each track. One thread starts it, and waits for its end. */
final class Storm implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(60);

  private final FaultPlan plan;
  private final Arsenal arsenal;
  private final FaultLog log;
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final long began = System.nanoTime();

  private Storm(FaultPlan plan, Arsenal arsenal, FaultLog log) {
    this.plan = plan;
    this.arsenal = arsenal;
    this.log = log;
  }

  static Storm begin(FaultPlan plan, Arsenal arsenal, FaultLog log) {
    Storm storm = new Storm(plan, arsenal, log);
    for (Track track : Track.values()) {
      Thread thread = new Thread(() -> storm.run(track), "storm-" + track);
      thread.setDaemon(true);
      storm.threads.add(thread);
      thread.start();
    }
    return storm;
  }

  private void run(Track track) {
    try {
      for (PlannedFault fault : plan.of(track).toList()) {
        if (isOverAt(began + fault.at().toNanos())) {
          return;
        }
        strike(fault);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void strike(PlannedFault fault) throws InterruptedException {
    if (log.notRun().containsKey(fault.kind())) {
      return;
    }
    try {
      log.during(
          fault,
          arsenal.of(fault.kind()),
          () -> isOverAt(System.nanoTime() + fault.length().toNanos()));
      if (fault.kind().track() == Track.PROCESSES) {
        arsenal.writer().awaitReady(READY);
        arsenal.acceptor().awaitReady(READY);
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.found("cannot do %s: %s".formatted(fault.kind(), e));
    }
  }

  /** Waits until that time, or less if it is over before. */
  private boolean isOverAt(long nanos) throws InterruptedException {
    return over.await(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** Ends what is on; begins nothing more. Any thread. */
  void end() {
    over.countDown();
  }

  /** When this returns, no fault is on. */
  @Override
  public void close() throws InterruptedException {
    end();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
