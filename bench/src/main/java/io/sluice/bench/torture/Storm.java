package io.sluice.bench.torture;

import io.sluice.bench.torture.FaultKind.Track;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Does what is planned: a thread for each track. When the time is up, what has not been there yet
 * still comes, so that on a slow machine no kind is missing. One thread starts it, and waits for
 * its end.
 */
final class Storm implements AutoCloseable {

  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 100;

  private final FaultPlan plan;
  private final Arsenal arsenal;
  private final FaultLog log;
  private final LongSupplier acked;
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final long began = System.nanoTime();
  private final long end;

  private Storm(FaultPlan plan, Arsenal arsenal, FaultLog log, LongSupplier acked) {
    this.acked = acked;
    this.end = began + plan.length().toNanos();
    this.plan = plan;
    this.arsenal = arsenal;
    this.log = log;
  }

  /**
   * @param acked records acked so far
   */
  static Storm begin(FaultPlan plan, Arsenal arsenal, FaultLog log, LongSupplier acked) {
    Storm storm = new Storm(plan, arsenal, log, acked);
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
        boolean late = System.nanoTime() - end > 0;
        if (!late || !log.done().contains(fault.kind())) {
          strike(fault);
        }
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
          new Fault.Lasting() {
            @Override
            public void pass() throws InterruptedException {
              boolean ignored = isOverAt(System.nanoTime() + fault.length().toNanos());
            }

            @Override
            public boolean isStopped() {
              return over.getCount() == 0;
            }
          });
      if (fault.track() == Track.PROCESSES || fault.track() == Track.CLUSTER) {
        awaitAcks();
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.found("cannot do %s: %s".formatted(fault.kind(), e));
    }
  }

  /** The next one must find something that can be lost; but faults of other tracks go on. */
  private void awaitAcks() throws InterruptedException {
    long limit = System.nanoTime() + RECOVERY.toNanos();
    long before = acked.getAsLong();
    while (acked.getAsLong() == before && System.nanoTime() - limit < 0 && over.getCount() > 0) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Whether all that was planned is over. */
  boolean isDone() {
    return threads.stream().noneMatch(Thread::isAlive);
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
