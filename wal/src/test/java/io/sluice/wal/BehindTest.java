package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The apply is behind the log: before it is started, and while it replays. Nobody who appends waits
 * for it, and it misses nothing.
 */
@Timeout(120)
final class BehindTest {

  private final CrashingStorage storage = new CrashingStorage(new SimulatedDisk());
  private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
  private final History history = new History();

  private LocalLog open() throws IOException {
    return open(storage, 1);
  }

  private LocalLog open(CrashingStorage disk, long seed) throws IOException {
    return LocalLog.open(
        LogProcess.CONFIG, LogProcess.environment(disk, new Random(seed)), fatal::add);
  }

  private void append(LocalLog log, long from, long to) throws Exception {
    for (long id = from; id <= to; id++) {
      LogRecord record = Records.of(Records.STREAM, id, 300, history.attachment(id));
      while (!tryAppend(log, record)) {
        LockSupport.parkNanos(1_000_000); // a spare is being made
      }
    }
  }

  private static boolean tryAppend(LocalLog log, LogRecord record) throws LogFailedException {
    try {
      log.append(record);
      return true;
    } catch (LogFullException full) {
      return false;
    }
  }

  private boolean isDurable(long id) throws InterruptedException {
    return history.awaitOutcome(id, () -> false);
  }

  private boolean isApplied(long id) throws InterruptedException {
    boolean applied = history.awaitApplied(id, () -> !fatal.isEmpty());
    assertThat(fatal).isEmpty();
    return applied;
  }

  @Test
  void whatIsAppendedBeforeTheStartIsDurableAtOnceAndAppliedAfterIt() throws Exception {
    try (LocalLog log = open()) {
      append(log, 1, 120);
      assertThat(isDurable(120)).isTrue();
      assertThat(log.promisedPosition()).isEqualTo(120);
      assertThat(log.appliedPosition()).isZero();
      assertThat(history.size()).isZero();
      log.start(1, history.consumer(1));
      assertThat(isApplied(120)).isTrue();
      long last = 120;
      while (log.promisedPosition() == last) { // it goes live a moment after it applied the last
        append(log, ++last, last);
        assertThat(isApplied(last)).isTrue();
      }
      assertThat(history.calledDurable()).isEqualTo((int) last - 1);
    }
    history.checkDurable();
    assertThat(fatal).isEmpty();
  }

  @Test
  void appendersDoNotWaitForALongReplay() throws Exception {
    try (LocalLog log = open()) {
      append(log, 1, 100);
      assertThat(isDurable(100)).isTrue();
    }
    CountDownLatch gate = new CountDownLatch(1);
    LogConsumer consumer = history.consumer(1);
    try (LocalLog log = open(storage, 2)) {
      log.start(
          1,
          record -> {
            if (record.position() == 50) {
              await(gate);
            }
            assertThat(record.attachment()).as("it is read from the log").isNull();
            consumer.apply(record);
          });
      assertThat(isApplied(49)).isTrue();
      append(log, 101, 180);
      assertThat(isDurable(180)).isTrue();
      assertThat(log.appliedPosition()).isLessThan(50);
      assertThat(log.promisedPosition()).isEqualTo(180);
      gate.countDown();
      assertThat(isApplied(180)).isTrue();
    }
    history.checkDurable();
    assertThat(fatal).isEmpty();
  }

  /** The rest is the next start's: the log has it, mark and all. */
  @Test
  void closingInTheMiddleOfAReplayFailsNobody() throws Exception {
    try (LocalLog log = open()) {
      append(log, 1, 100);
    }
    CountDownLatch gate = new CountDownLatch(1);
    LocalLog second = open(storage, 2);
    startAndWait(second, gate);
    append(second, 101, 130);
    Thread closing = new Thread(second::close);
    closing.start();
    assertThat(isDurable(130)).isTrue();
    long last = appendUntilRefused(second, 131);
    gate.countDown();
    closing.join();
    assertThat(history.size()).isLessThan(100);
    assertThat(WalVerify.verify(storage).isSound()).isTrue();
    try (LocalLog third = open(storage, 3)) {
      third.start(1, history.consumer(1));
      assertThat(isApplied(last)).isTrue();
    }
    history.checkDurable();
    assertThat(fatal).isEmpty();
  }

  /** Applies one record, and the others when the gate is open. */
  private void startAndWait(LocalLog log, CountDownLatch gate) throws Exception {
    LogConsumer consumer = history.consumer(1);
    log.start(
        1,
        record -> {
          consumer.apply(record);
          await(gate);
        });
    assertThat(isApplied(1)).isTrue();
  }

  /**
   * So little is left to replay that the apply is live already: what is handed to it is applied.
   */
  @Test
  void closingWhileTheLastOfAReplayIsAppliedLeavesNobodyWithoutAnAnswer() throws Exception {
    try (LocalLog log = open()) {
      append(log, 1, 20);
    }
    CountDownLatch gate = new CountDownLatch(1);
    LocalLog second = open(storage, 2);
    startAndWait(second, gate);
    append(second, 21, 30);
    Thread closing = new Thread(second::close);
    closing.start();
    long last = appendUntilRefused(second, 31);
    gate.countDown();
    closing.join();
    for (long id = 21; id <= last; id++) {
      assertThat(history.awaitOutcome(id, () -> true))
          .as("append %d was told how it ended", id)
          .isTrue();
    }
    assertThat(history.size()).isEqualTo((int) last);
    history.checkDurable();
    assertThat(fatal).isEmpty();
  }

  /**
   * A closing log takes nothing: from then on its apply sees that it is closing, too.
   *
   * @return the last id that it took
   */
  private long appendUntilRefused(LocalLog log, long from) {
    for (long id = from; ; ) {
      try {
        log.append(Records.of(Records.STREAM, id, 8, history.attachment(id)));
        id++;
      } catch (LogFullException full) {
        LockSupport.parkNanos(1_000_000);
      } catch (LogFailedException closed) {
        return id - 1;
      }
    }
  }

  @Test
  void damageThatTheApplyMeetsWhileItIsBehindIsFatal() throws Exception {
    try (LocalLog log = open()) {
      append(log, 1, 10);
      assertThat(isDurable(10)).isTrue();
      byte[] bytes = storage.disk().bytes(SegmentName.live(1));
      bytes[SegmentHeader.BYTES + 1_000] ^= 1;
      storage.disk().replace(SegmentName.live(1), bytes);
      log.start(1, history.consumer(1));
      assertThat(fatal.poll(60, TimeUnit.SECONDS)).isInstanceOf(CorruptLogException.class);
    }
    assertThat(fatal).isEmpty();
  }

  /** Many hand-overs while the apply catches up: at some moment of them it goes live. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void goingLiveUnderLoadMissesNothingAndAppliesNothingTwice(long seed) throws Exception {
    Semaphore pace = new Semaphore(0);
    AtomicLong live = new AtomicLong();
    try (LocalLog log = open(storage, seed)) {
      append(log, 1, 120);
      assertThat(isDurable(120)).isTrue();
      LogConsumer consumer = history.consumer(1);
      AtomicBoolean appending = new AtomicBoolean(true);
      log.start(
          1,
          record -> {
            if (appending.get()) {
              pace.acquireUninterruptibly();
            }
            if (record.attachment() != null) {
              live.compareAndSet(0, record.position());
            }
            consumer.apply(record);
            if (record.position() % 16 == 0) {
              history.released(record.position());
              log.release(record.position());
            }
          });
      Random random = new Random(seed);
      long last = 120;
      for (int after = 0; after < 50 && last < 100_000; after += live.get() == 0 ? 0 : 1) {
        append(log, last + 1, last + 5);
        last += 5;
        pace.release(4 + random.nextInt(5)); // a little faster than they come
      }
      appending.set(false);
      pace.release(100_000);
      assertThat(isApplied(last)).isTrue();
      assertThat(live.get()).as("first live position").isGreaterThan(120);
      assertThat(history.size()).isEqualTo((int) last);
      assertThat(history.calledDurable()).isEqualTo((int) log.promisedPosition());
      assertThat(log.promisedPosition()).isEqualTo(live.get() - 1);
    }
    history.checkDurable();
    assertThat(fatal).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatWasCalledDurableSurvivesAPowerCutAtEveryStep(long seed) throws Exception {
    int durable = 0;
    boolean crashed = true;
    for (long n = 1; crashed; n += 3) {
      History own = new History();
      CrashingStorage disk = CrashingStorage.losingPowerAt(new SimulatedDisk(), n);
      crashed = !appendUnstarted(disk, own, seed);
      durable += own.calledDurable();
      CrashingStorage left = new CrashingStorage(disk.disk().afterPowerCut(new Random(seed + n)));
      LogProcess next = new LogProcess(left, own, seed, 1_000);
      assertThat(next.run(1)).as("step %d: %s", n, next.cause()).isTrue();
      own.checkDurable();
    }
    assertThat(durable).isGreaterThan(100);
  }

  private static boolean appendUnstarted(CrashingStorage disk, History own, long seed)
      throws Exception {
    LogEnvironment environment = LogProcess.environment(disk, new Random(seed));
    try (LocalLog log = LocalLog.open(LogProcess.CONFIG, environment, cause -> {})) {
      for (long id = 1; id <= 60; id++) {
        LogRecord record = Records.of(Records.STREAM, id, 700, own.attachment(id));
        while (!disk.isOff() && !tryAppend(log, record)) {
          LockSupport.parkNanos(1_000_000);
        }
        own.awaitOutcome(id, disk::isOff);
      }
      return !disk.isOff();
    } catch (LogFailedException | IOException e) {
      return false;
    }
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
