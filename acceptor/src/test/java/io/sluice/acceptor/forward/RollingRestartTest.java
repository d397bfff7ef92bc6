package io.sluice.acceptor.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.FakeCluster;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutMetadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each of three Writers goes and comes back, under load. */
@Timeout(300)
final class RollingRestartTest {

  private static final ForwardLimits LIMITS = new ForwardLimits(4 << 10, 16 << 10, 64 << 10, false);
  private static final int LOGS = 3;
  private static final int IN_FLIGHT = 200;
  private static final int MORE = 300;

  enum Going {
    /** It hands its logs over first. */
    TOLD,
    /** It is killed, and for some time nobody leads its logs. */
    KILLED,
    /** It hangs with its connections up; the others elect; it is killed in the end. */
    SUSPENDED
  }

  @ParameterizedTest
  @EnumSource
  void everyBatchIsStoredAndSentWithOneIdOnly(Going going) throws Exception {
    try (FakeCluster cluster = new FakeCluster(3, LOGS);
        ForwarderHarness harness =
            new ForwarderHarness(LOGS, cluster.addresses(), LIMITS, 256 << 20)) {
      Load load = new Load(harness);
      Thread thread = new Thread(load, "load");
      thread.start();
      for (int writer = 0; writer < 3; writer++) {
        load.awaitMore();
        go(cluster, writer, going);
        load.awaitMore();
        cluster.resume(writer);
        cluster.writer(writer).restart();
        cluster.elect(writer, writer);
      }
      load.awaitMore();
      load.stopped.set(true);
      thread.join();
      Set<BatchId> ids = new HashSet<>();
      for (int i = 0; i < load.deliveries.size(); i++) {
        assertThat(load.deliveries.get(i).get(60, TimeUnit.SECONDS))
            .isInstanceOf(Delivery.Stored.class);
        ids.add(harness.id(i));
      }
      assertThat(cluster.stored()).isEqualTo(ids);
      assertThat(cluster.sent().stream().map(PutMetadata.Batch::id)).doesNotHaveDuplicates();
      assertThat(harness.counter("sluice_forward_abandoned_total")).isZero();
      assertThat(harness.counter("sluice_forward_malformed_total")).isZero();
      harness.awaitFreed(ids.size());
    }
  }

  /** Log n is led by Writer n, until it goes. */
  private static void go(FakeCluster cluster, int writer, Going going) throws Exception {
    int next = (writer + 1) % 3;
    switch (going) {
      case TOLD -> {
        cluster.elect(writer, next);
        cluster.writer(writer).stop();
      }
      case KILLED -> {
        cluster.elect(writer, FakeCluster.NOBODY);
        cluster.writer(writer).stop();
        int asked = cluster.writer(next).asked();
        while (cluster.writer(next).asked() < asked + 2) {
          LockSupport.parkNanos(1_000_000);
        }
        cluster.elect(writer, next);
      }
      case SUSPENDED -> {
        cluster.suspend(writer);
        cluster.elect(writer, next);
        int asked = cluster.writer(next).asked();
        while (cluster.writer(next).asked() == asked) {
          LockSupport.parkNanos(1_000_000);
        }
        cluster.writer(writer).stop();
      }
    }
  }

  /** So many batches on their way, always. */
  private static final class Load implements Runnable {
    private final ForwarderHarness harness;
    private final List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();

    Load(ForwarderHarness harness) {
      this.harness = harness;
    }

    @Override
    public void run() {
      for (int seed = 0; !stopped.get(); seed++) {
        room.acquireUninterruptibly();
        CompletableFuture<Delivery> delivery =
            harness.forward(seed % 2 == 0 ? "a" : "b", seed, 1 + seed % 5, 60_000);
        deliveries.add(delivery);
        var unused =
            delivery.whenComplete(
                (result, failure) -> {
                  done.incrementAndGet();
                  room.release();
                });
      }
    }

    void awaitMore() {
      int enough = done.get() + MORE;
      while (done.get() < enough) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }
}
