package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first failure is final, and everybody who waits is told. */
final class FailureTest {
  private static final String ACTIVE = SegmentName.live(1);

  private final CrashingStorage storage = new CrashingStorage(new SimulatedDisk());
  private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
  private final History history = new History();

  private LocalLog open() throws IOException {
    return LocalLog.open(
        LogProcess.CONFIG, LogProcess.environment(storage, new Random(1)), fatal::add);
  }

  private LogRecord record(long id) {
    return Records.of(Records.STREAM, id, 500, history.attachment(id));
  }

  private boolean outcome(long id) throws InterruptedException {
    return history.awaitOutcome(id, () -> false);
  }

  /** A file keeps the name under which it was opened in the calls that the storage sees. */
  private static boolean isOf(String call, String kind) {
    return call.startsWith(kind + " spare-") || call.equals(kind + " " + ACTIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "force"})
  void aFailedWriteOrForceIsFinalEvenIfTheNextWouldSucceed(String kind) throws Exception {
    try (LocalLog log = open()) {
      log.start(1, history.consumer(1));
      log.append(record(1));
      assertThat(outcome(1)).isTrue();

      storage.failWhen(call -> isOf(call, kind));
      log.append(record(2));
      assertThat(outcome(2)).isFalse();
      assertThat(fatal.poll(60, TimeUnit.SECONDS)).hasMessageContaining("Input/output error");

      storage.failWhen(call -> false);
      assertThatThrownBy(() -> log.append(record(3)))
          .isInstanceOf(LogFailedException.class)
          .hasMessageContaining("the log has failed");
    }
    assertThat(fatal).isEmpty();
    history.check();
    assertThat(history.size()).isEqualTo(1);
  }

  @Test
  void everythingThatWaitsIsToldOfTheFailureOnce() throws Exception {
    CountDownLatch gathered = new CountDownLatch(1);
    try (LocalLog log = open()) {
      log.start(1, history.consumer(1));
      storage.failWhen(call -> isOf(call, "force"));
      storage.beforeForce(() -> await(gathered));
      for (long id = 1; id <= 50; id++) {
        log.append(record(id));
      }
      gathered.countDown();
      for (long id = 1; id <= 50; id++) {
        assertThat(outcome(id)).isFalse();
      }
    }
    history.check();
    assertThat(history.size()).isZero();
    assertThat(fatal).hasSize(1);
  }

  @Test
  void aConsumerThatThrowsEndsTheLog() throws Exception {
    try (LocalLog log = open()) {
      LogConsumer good = history.consumer(1);
      log.start(
          1,
          record -> {
            if (record.position() == 3) {
              throw new IllegalStateException("cannot decide");
            }
            good.apply(record);
          });
      for (long id = 1; id <= 2; id++) {
        log.append(record(id));
        assertThat(outcome(id)).isTrue();
      }
      log.append(record(3));
      assertThat(outcome(3)).isFalse();
      assertThat(fatal.poll(60, TimeUnit.SECONDS)).hasMessage("cannot decide");
      assertThatThrownBy(() -> log.append(record(4))).isInstanceOf(LogFailedException.class);
      assertThat(log.appliedPosition()).isEqualTo(2);
    }
    history.check();
  }

  @Test
  void manyAppendsShareOneForce() throws Exception {
    CountDownLatch gathered = new CountDownLatch(1);
    AtomicInteger forces = new AtomicInteger();
    try (LocalLog log = open()) {
      log.start(1, history.consumer(1));
      storage.beforeForce(
          () -> {
            if (isWritingThread()) {
              await(gathered);
            }
          });
      storage.failWhen(
          call -> {
            forces.addAndGet(isOf(call, "force") && isWritingThread() ? 1 : 0);
            return false;
          });
      for (long id = 1; id <= 25; id++) {
        LogRecord record = Records.of(Records.STREAM, id, 100, history.attachment(id));
        log.append(record);
      }
      gathered.countDown();
      assertThat(outcome(25)).isTrue();
      assertThat(forces.get()).as("16 KiB segments, 4 KiB groups").isLessThanOrEqualTo(3);
    }
    assertThat(history.size()).isEqualTo(25);
    history.check();
  }

  @Test
  void recordsNobodyAppliesAreDurableAndInTheNextReplay() throws Exception {
    try (LocalLog log = open()) {
      log.append(record(1));
    }
    assertThat(outcome(1)).isTrue();
    assertThat(history.calledDurable()).isEqualTo(1);
    assertThat(fatal).isEmpty();
    assertThat(Reopening.of(storage.disk()).ids()).isEqualTo(List.of(1L));
  }

  /** The thread that fills spares forces, too, and must not be held up. */
  private static boolean isWritingThread() {
    return Thread.currentThread().getName().equals("wal-write");
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody opened the latch");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
