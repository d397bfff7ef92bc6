package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The persister of a log with replicas, while the lead comes and goes. */
@Timeout(60)
class LeaderChangeTest {

  private static final TableKey KEY = new TableKey("default", Table.TRACES);
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final ChunkBuffer buffer =
      new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, clock);
  private final Ledger ledger = new Ledger(new Telemetry("test"));
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final List<String> tried = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Runnable> outcomes = new LinkedBlockingQueue<>();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Parking parking = Parking.refusingOnly(ledger, 10_000);
  private final Persister persister =
      new Persister(
          buffer,
          this::persist,
          () -> {},
          parking,
          ledger,
          (part, e) -> died.set(e),
          Duration.ZERO,
          new HotMemory(Long.MAX_VALUE, ledger),
          new PersistThreads(2, clock, new Holds(clock, new Telemetry("test"))),
          clock);

  LeaderChangeTest() {
    buffer.follow();
    buffer.lead();
  }

  @AfterEach
  void everythingIsFreed() {
    persister.close();
    buffer.close();
    assertThat(died.get()).isNull();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  /** Waits for what the test has it do. */
  private void persist(ChunkSet set) throws Exception {
    tried.add("(%d, %d]".formatted(set.from(), set.to()));
    outcomes.take().run();
    Exception how = failure.getAndSet(null);
    if (how != null) {
      throw how;
    }
  }

  @Test
  void failureOfASetThatWasUnderWayWhenTheLeadWasLostIsNobodys() throws Exception {
    add(1);
    persister.start();
    seal();
    awaitTried(1);
    buffer.follow();
    fail(new IOException("away"));
    awaitFreed();
    assertThat(persister.failures()).isEmpty();
    assertThat(ledger.persistFailures.sum()).isZero();
    assertThat(ledger.persistsDeposed.sum()).isEqualTo(1);
    assertThat(buffer.records().hot()).isEqualTo(4);
    assertThat(parking.refusal(KEY)).isNull();
  }

  @Test
  void commitThatWentThroughThoughTheLeadWasLostMovesTheMark() throws Exception {
    add(1);
    persister.start();
    seal();
    awaitTried(1);
    buffer.follow();
    outcomes.add(() -> {});
    assertThat(buffer.table(KEY).awaitPersisted(1, WAIT)).isTrue();
    awaitFreed();
    assertThat(buffer.records()).isEqualTo(new RecordCounts(4, 0, 0, 4, 0, 0));
    assertThat(ledger.persistsDeposed.sum()).as("it was committed").isZero();
  }

  /** It was deposed and did not know; or it is the next one, and the last one's commit was late. */
  @Test
  void setWhoseMarkAnotherLeaderHasMovedGoesOnFromThere() throws Exception {
    buffer.addLogged(KEY, 1, 4, 100, new int[0], RecordCounts.replayed(4));
    buffer.addLogged(KEY, 2, 4, 100, new int[0], RecordCounts.replayed(4));
    buffer.applied(2);
    persister.start();
    seal();
    awaitTried(1);
    fail(new MarkMismatchException(KEY, 1, "its mark is 1"));
    outcomes.add(() -> {});
    assertThat(buffer.table(KEY).awaitPersisted(2, WAIT)).isTrue();
    assertThat(tried).containsExactly("(0, 2]", "(1, 2]");
    assertThat(persister.stuck()).isEmpty();
    assertThat(buffer.records().persisted()).isEqualTo(8);
    assertThat(ledger.persistsOvertaken.sum()).isEqualTo(1);
    assertThat(ledger.persistFailures.sum()).isZero();
  }

  @Test
  void markThatWentBackLeavesTheTableStuckAndItsPutsAreRefusedWhenItHoldsTooMuch()
      throws Exception {
    buffer.moveMark(KEY, 5);
    add(6);
    persister.start();
    seal();
    awaitTried(1);
    fail(new MarkMismatchException(KEY, 3, "its mark is 3"));
    awaiting(() -> persister.stuck().containsKey(KEY));
    persister.signal();
    awaiting(() -> parking.refusal(KEY) != null);
    assertThat(buffer.table(KEY).mark()).isEqualTo(5);
    assertThat(buffer.parkedRows()).as("nothing is parked").isZero();
    buffer.follow();
    persister.signal();
    awaiting(() -> persister.stuck().isEmpty());
    awaiting(() -> parking.refusal(KEY) == null);
  }

  /** As ever: there another process with the same log has other rows. */
  @Test
  void markOfALogWithoutReplicasThatIsElsewhereLeavesTheTableStuck() throws Exception {
    try (ChunkBuffer alone =
        new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, clock)) {
      HotSpans.add(allocator, alone, KEY, 1, 4);
      TableBuffer table = alone.table(KEY);
      Persister own =
          new Persister(
              alone,
              set -> {
                throw new MarkMismatchException(KEY, 1, "its mark is 1");
              },
              () -> {},
              parking,
              ledger,
              (part, e) -> died.set(e),
              Duration.ZERO,
              new HotMemory(Long.MAX_VALUE, ledger),
              new PersistThreads(2, clock, new Holds(clock, new Telemetry("test"))),
              clock);
      alone.seal(table);
      own.start();
      awaiting(() -> own.stuck().containsKey(KEY));
      assertThat(table.mark()).isZero();
      own.close();
    }
  }

  private void add(long position) {
    HotSpans.add(allocator, buffer, KEY, position, 4);
  }

  private void seal() {
    buffer.seal(buffer.table(KEY));
    persister.signal();
  }

  private void fail(Exception how) {
    outcomes.add(() -> failure.set(how));
  }

  private void awaitTried(int times) {
    awaiting(() -> tried.size() == times);
  }

  private void awaitFreed() {
    awaiting(() -> buffer.bytes() == 0);
  }

  private void awaiting(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
      persister.signal();
      LockSupport.parkNanos(1_000_000);
    }
  }
}
