package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotBatch;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seals, persists, frees and releases against a writer of sets that does as it is told. */
@Timeout(60)
class PersisterTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);
  private static final TableKey LOGS = new TableKey("default", Table.LOGS);
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final SealPolicy POLICY =
      new SealPolicy(1 << 20, 200 << 10, Duration.ofSeconds(60), Duration.ofMinutes(5));

  private static final Duration PARK_AFTER = Duration.ofMinutes(10);
  private static final long PARK_BYTES = 300 << 10;

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final ChunkBuffer buffer = new ChunkBuffer(key -> 0L, POLICY, HotSpans.NO_LOG, clock);
  private final Ledger ledger = new Ledger(new Telemetry("test"));
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final ScriptedWriter writer = new ScriptedWriter();
  private final BlockingQueue<Throwable> releaseFailures = new LinkedBlockingQueue<>();
  private final AtomicReference<CountDownLatch> hanging = new AtomicReference<>();
  private final AtomicReference<CountDownLatch> released =
      new AtomicReference<>(new CountDownLatch(1));
  private final ListedLot lot = new ListedLot();
  private volatile boolean tight;
  private Parking parking;
  private Persister persister = persister(Long.MAX_VALUE);
  private boolean closed;

  @AfterEach
  void close() {
    if (!closed) {
      persister.close();
    }
    buffer.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void classThatDoesNotLoadIsAFailureLikeAnyOther() throws Exception {
    persister.start();
    writer.fail(TRACES, new UnsatisfiedLinkError("libzstd"));
    HotSpans.add(allocator, buffer, TRACES, 1, 4);
    assertThatThrownBy(() -> persister.flush(buffer.table(TRACES), Duration.ZERO))
        .isInstanceOf(FlushFailedException.class);
    awaiting(() -> persister.failures().containsKey(TRACES));
    assertThat(persister.failures().get(TRACES)).contains("UnsatisfiedLinkError: libzstd");
    assertThat(ledger.persistFailures.sum()).isEqualTo(1);
    assertThat(persister.flush(buffer.table(TRACES), WAIT)).isEqualTo(1);
    assertThat(persister.failures()).isEmpty();
    assertThat(buffer.records().persisted()).isEqualTo(4);
    assertThat(died.get()).isNull();
  }

  @Test
  void deathOfThePaceThreadEndsTheService() throws Exception {
    persister.close();
    OutOfMemoryError cause = new OutOfMemoryError("heap");
    ChunkBuffer dying =
        new ChunkBuffer(
            key -> 0L,
            POLICY,
            HotSpans.NO_LOG,
            () -> {
              throw cause;
            });
    persister =
        new Persister(
            dying,
            writer,
            () -> {},
            new Parking(lot, ledger, PARK_AFTER, PARK_BYTES, () -> false),
            ledger,
            (part, e) -> died.set(e),
            GRACE,
            new HotMemory(Long.MAX_VALUE, ledger),
            new PersistThreads(2, clock, new Holds(clock, new Telemetry("test"))),
            clock);
    persister.start();
    awaiting(() -> died.get() != null);
    assertThat(died.get()).isSameAs(cause);
  }

  @Test
  void failedReleaseIsTriedAgainWhateverItWas() throws Exception {
    releaseFailures.add(new IOException("disk"));
    releaseFailures.add(new AssertionError("window"));
    releaseFailures.add(new OutOfMemoryError("heap"));
    persister.start();
    while (!released.get().await(1, TimeUnit.MILLISECONDS)) {
      persister.signal();
    }
    assertThat(ledger.releaseFailures.sum()).isEqualTo(3);
    assertThat(died.get()).isNull();
  }

  @Test
  void failedSetIsTriedAgainAfterABackoffThatDoubles() throws Exception {
    persister.start();
    for (int i = 0; i < 3; i++) {
      writer.fail(TRACES, new IOException("away"));
    }
    HotSpans.add(allocator, buffer, TRACES, 1, 4);
    buffer.seal(buffer.table(TRACES));
    persister.signal();
    for (int i = 1; i <= 3; i++) {
      int failures = i;
      awaiting(() -> ledger.persistFailures.sum() == failures);
      clock.advance(Duration.ofMillis((500L << i - 1) - 1));
      pace();
      assertThat(writer.sets).as("not before its time").hasSize(failures);
      clock.advance(Duration.ofMillis(1));
      persister.signal();
    }
    assertThat(buffer.table(TRACES).awaitPersisted(1, WAIT)).isTrue();
    assertThat(writer.sets).hasSize(4).containsOnly(writer.sets.get(0));
  }

  @Test
  void tablesSetsGoOneAtATimeOldestFirstAndAnotherTablesFailuresDoNotHoldThemUp() throws Exception {
    persister.start();
    for (int i = 0; i < 100; i++) {
      writer.fail(LOGS, new IOException("lost"));
    }
    HotSpans.add(allocator, buffer, LOGS, 1, 4);
    buffer.seal(buffer.table(LOGS));
    persister.signal();
    awaiting(() -> persister.failures().containsKey(LOGS));

    CountDownLatch gate = writer.hold(TRACES);
    HotSpans.add(allocator, buffer, TRACES, 2, 4);
    buffer.seal(buffer.table(TRACES));
    persister.signal();
    awaiting(() -> writer.running(TRACES));
    HotSpans.add(allocator, buffer, TRACES, 3, 4);
    buffer.seal(buffer.table(TRACES));
    pace();
    assertThat(writer.of(TRACES)).as("one at a time").containsExactly("(0, 2]");
    gate.countDown();
    assertThat(buffer.table(TRACES).awaitPersisted(3, WAIT)).isTrue();
    assertThat(writer.of(TRACES)).containsExactly("(0, 2]", "(2, 3]");
    assertThat(persister.failures()).containsOnlyKeys(LOGS);
  }

  @Test
  void whatPilesUpBehindAFailureGoesAsOneSet() throws Exception {
    persister.start();
    writer.fail(TRACES, new IOException("away"));
    HotSpans.add(allocator, buffer, TRACES, 1, 4);
    buffer.seal(buffer.table(TRACES));
    persister.signal();
    awaiting(() -> persister.failures().containsKey(TRACES));
    for (int position = 2; position <= 6; position++) {
      HotSpans.add(allocator, buffer, TRACES, position, 4);
      buffer.seal(buffer.table(TRACES));
    }
    clock.advance(Duration.ofSeconds(1));
    persister.signal();
    assertThat(buffer.table(TRACES).awaitPersisted(6, WAIT)).isTrue();
    assertThat(writer.of(TRACES)).containsExactly("(0, 1]", "(0, 1]", "(1, 6]");
  }

  @Test
  void rowsAreSealedByBytesAndByAgeSoonOrLate() throws Exception {
    persister.start();
    HotSpans.add(allocator, buffer, TRACES, 1, 4);
    pace();
    assertThat(writer.sets).as("few and young").isEmpty();
    clock.advance(POLICY.soon());
    pace();
    assertThat(writer.sets).as("few").isEmpty();
    clock.advance(POLICY.late().minus(POLICY.soon()));
    persister.signal();
    assertThat(buffer.table(TRACES).awaitPersisted(1, WAIT)).as("late, however few").isTrue();

    long position = fill(2, POLICY.soonBytes());
    pace();
    assertThat(writer.sets).as("young").hasSize(1);
    clock.advance(POLICY.soon());
    persister.signal();
    assertThat(buffer.table(TRACES).awaitPersisted(position, WAIT)).as("soon").isTrue();

    position = fill(position + 1, POLICY.bytes());
    persister.signal();
    assertThat(buffer.table(TRACES).awaitPersisted(position, WAIT)).as("at once").isTrue();
  }

  @Test
  void shortMemorySealsWhatIsOpenButNotCrumbs() throws Exception {
    persister.close();
    persister = persister(2 << 20);
    CountDownLatch outage = writer.hold(LOGS);
    persister.start();
    long position = 1;
    while (buffer.table(LOGS).bytes() < 1 << 20) {
      HotSpans.add(allocator, buffer, LOGS, position++, 4);
    }
    persister.signal();
    awaiting(() -> writer.running(LOGS));
    HotSpans.add(allocator, buffer, TRACES, position, 4);
    pace();
    pace();
    assertThat(writer.of(TRACES)).as("a crumb, and memory is held elsewhere").isEmpty();
    hold(position + 1, 300 << 10);
    persister.signal();
    assertThat(buffer.table(TRACES).awaitPersisted(position + 1, WAIT))
        .as("more than 1/8")
        .isTrue();
    outage.countDown();
  }

  @Test
  void persistedRowsStayForTheirGraceUnlessMemoryIsShort() throws Exception {
    persister.start();
    HotSpans.add(allocator, buffer, TRACES, 1, 4);
    persister.flush(buffer.table(TRACES), WAIT);
    clock.advance(GRACE.minusNanos(1));
    pace();
    assertThat(buffer.bytes()).isPositive();
    clock.advance(Duration.ofNanos(1));
    pace();
    assertThat(buffer.bytes()).isZero();
  }

  @Test
  void readerThatAloneHoldsMemoryIsCutWhenItIsShortTheOldestFirst() throws Exception {
    persister.close();
    persister = persister(400 << 10);
    long position = hold(1, 350 << 10);
    HotRead oldest = buffer.read(TRACES, 0);
    HotRead second = buffer.read(TRACES, 0);
    persister.start();
    assertThat(buffer.table(TRACES).awaitPersisted(position, WAIT)).isTrue();
    pace();
    assertThat(buffer.table(TRACES).bytes()).as("freed, as memory is short").isZero();
    assertThat(buffer.bytes()).as("but held by readers").isGreaterThan(300 << 10);
    pace();
    assertThat(oldest.isCut()).isTrue();
    assertThat(second.isCut()).as("one at a time").isFalse();
    oldest.close();
    pace();
    assertThat(second.isCut()).isTrue();
    second.close();
    assertThat(buffer.bytes()).isZero();
  }

  @Test
  void shortMemoryLeavesSealedRowsToTheLogAlsoThoseThatWaitForAThread() throws Exception {
    persister.close();
    long memory = 360 << 10;
    persister = persister(memory, 1);
    CountDownLatch outage = writer.hold(LOGS);
    HotSpans.add(allocator, buffer, LOGS, 1, 4);
    buffer.seal(buffer.table(LOGS));
    persister.start();
    awaiting(() -> writer.running(LOGS)); // on the only thread
    long position = 2;
    for (int i = 0; i < 200; i++) {
      long last = position++;
      HotSpans.add(allocator, buffer, TRACES, last, 4);
      awaiting(() -> buffer.bytes() <= memory / 4 * 3);
    }
    assertThat(buffer.records().hot()).isEqualTo(804);
    assertThat(buffer.loggedRows()).isGreaterThan(500);
    assertThat(ledger.setsSpilled.sum()).isPositive();
    outage.countDown();
    assertThat(persister.flush(buffer.table(TRACES), WAIT)).isEqualTo(position - 1);
    assertThat(buffer.records().persisted()).isEqualTo(804);
    assertThat(buffer.loggedRows()).isZero();
  }

  @Test
  void newestSetsOfTheTableThatHasMostAreSpilledFirst() throws Exception {
    long position = 1;
    for (int set = 0; set < 3; set++) {
      HotSpans.add(allocator, buffer, TRACES, position++, 4);
      buffer.seal(buffer.table(TRACES));
      if (set == 0) { // tried, so that the others do not join it
        buffer.table(TRACES).persistFailed(buffer.table(TRACES).beginPersist().orElseThrow());
      }
    }
    HotSpans.add(allocator, buffer, LOGS, position, 4);
    buffer.seal(buffer.table(LOGS));
    long one = buffer.table(LOGS).bytes();
    assertThat(buffer.spill(2 * one)).isEqualTo(2);
    assertThat(buffer.table(LOGS).bytes()).isEqualTo(one);
    ChunkSet oldest = buffer.table(TRACES).beginPersist().orElseThrow();
    assertThat(oldest.to()).isEqualTo(1);
    assertThat(oldest.loggedBytes()).as("its turn comes next").isZero();
    buffer.table(TRACES).persistFailed(oldest);
    assertThat(buffer.spill(0)).isEqualTo(2);
    assertThat(buffer.bytes()).isZero();
  }

  @Test
  void callThatNeverReturnsHoldsUpItsOwnTableOnly() throws Exception {
    persister.close();
    persister = persister(Long.MAX_VALUE, 1);
    CountDownLatch never = writer.hold(LOGS);
    HotSpans.add(allocator, buffer, LOGS, 1, 4);
    buffer.seal(buffer.table(LOGS));
    persister.start();
    awaiting(() -> writer.running(LOGS));
    HotSpans.add(allocator, buffer, TRACES, 2, 4);
    buffer.seal(buffer.table(TRACES));
    pace();
    assertThat(writer.running(TRACES)).as("one thread, and it is at work").isFalse();
    clock.advance(Duration.ofSeconds(10));
    assertThat(persister.flush(buffer.table(TRACES), WAIT)).isEqualTo(2);
    HotSpans.add(allocator, buffer, TRACES, 3, 4);
    assertThat(persister.flush(buffer.table(TRACES), WAIT)).isEqualTo(3);
    assertThat(writer.of(LOGS)).hasSize(1);
    assertThat(persister.stop(Duration.ZERO)).as("stopped without it").isFalse();
    assertThat(persister.hasEnded()).isFalse();
    never.countDown();
    assertThat(persister.stop(WAIT)).isTrue();
    closed = true;
  }

  @Test
  void stuckTableIsParkedAfterAWhileAndItsLaterSetsAtOnce() throws Exception {
    stick(TRACES);
    persister.start();
    add(TRACES, 1);
    add(LOGS, 2);
    persister.signal();
    assertThat(buffer.table(LOGS).awaitPersisted(2, WAIT)).isTrue();
    awaiting(() -> persister.stuck().containsKey(TRACES));
    pace();
    assertThat(lot.sets).as("not for long yet").isEmpty();
    assertThat(buffer.releasePoint()).isZero();
    clock.advance(PARK_AFTER);
    persister.signal();
    awaiting(() -> !lot.sets.isEmpty());
    assertThat(lot.sets).containsExactly(TRACES + " (0, 1]");
    add(TRACES, 3);
    add(LOGS, 4);
    persister.signal();
    awaiting(() -> buffer.table(LOGS).mark() == 4);
    clock.advance(Duration.ofMinutes(1));
    persister.signal();
    awaiting(() -> lot.sets.size() == 2);
    awaiting(() -> buffer.releasePoint() == 4);
    assertThat(buffer.parkedRows()).isEqualTo(8);
    assertThat(buffer.records().hot()).isZero();
    assertThat(buffer.table(TRACES).mark()).isZero();
  }

  @Test
  void stuckTableIsParkedAtOnceWhenTheLogWantsRoomAndAFailureIsTriedAgain() throws Exception {
    tight = true;
    lot.failures.add(new IOException("no space"));
    stick(TRACES);
    persister.start();
    add(TRACES, 1);
    persister.signal();
    awaiting(() -> ledger.parkFailures.sum() == 1);
    assertThat(buffer.parkedRows()).isZero();
    clock.advance(Duration.ofMinutes(1));
    persister.signal();
    awaiting(() -> buffer.parkedRows() == 4);
  }

  @Test
  void setThatIsTakenToBeUnparkedMeanwhileIsNotParkedAndTheWriterGoesOn() throws Exception {
    persister.close();
    stick(TRACES);
    add(TRACES, 1);
    AtomicReference<ChunkSet> taken = new AtomicReference<>();
    Parking asked =
        new Parking(
            lot,
            ledger,
            PARK_AFTER,
            PARK_BYTES,
            () -> {
              taken.compareAndSet(null, buffer.table(TRACES).beginPersist().orElse(null));
              return true;
            });
    persister =
        new Persister(
            buffer,
            writer,
            this::release,
            asked,
            ledger,
            (part, e) -> died.set(e),
            GRACE,
            new HotMemory(Long.MAX_VALUE, ledger),
            new PersistThreads(2, clock, new Holds(clock, new Telemetry("test"))),
            clock);
    persister.start();
    awaiting(() -> taken.get() != null);
    pace();
    assertThat(persister.stop(WAIT)).isTrue();
    assertThat(died.get()).isNull();
    assertThat(lot.sets).isEmpty();
    buffer.table(TRACES).persistFailed(taken.get());
    assertThat(buffer.table(TRACES).beginPark()).containsSame(taken.get());
    buffer.table(TRACES).persistFailed(taken.get());
  }

  /** As one whose metadata file is gone: nobody says so, but store and catalog are well. */
  @Test
  void tableThatFailsForLongWhileOthersArePersistedIsParked() throws Exception {
    writer.stuck.put(TRACES, new IOException("its metadata cannot be found"));
    persister.start();
    add(TRACES, 1);
    add(LOGS, 2);
    persister.signal();
    awaiting(() -> persister.failures().containsKey(TRACES));
    awaiting(() -> buffer.table(LOGS).mark() == 2);
    clock.advance(Duration.ofSeconds(61));
    persister.signal();
    awaiting(() -> writer.of(TRACES).size() == 2);
    pace();
    assertThat(persister.stuck()).as("no other was persisted since").isEmpty();
    add(LOGS, 3);
    persister.signal();
    awaiting(() -> buffer.table(LOGS).mark() == 3);
    clock.advance(Duration.ofSeconds(31));
    persister.signal();
    awaiting(() -> persister.stuck().containsKey(TRACES));
    assertThat(persister.outage()).as("of all").isNull();
    pace();
    assertThat(lot.sets).as("not for long yet").isEmpty();
    clock.advance(PARK_AFTER);
    persister.signal();
    awaiting(() -> buffer.releasePoint() == 3);
    assertThat(lot.sets).containsExactly(TRACES + " (0, 1]");
    writer.stuck.clear();
    clock.advance(Duration.ofMinutes(1));
    persister.signal();
    awaiting(() -> buffer.table(TRACES).mark() == 1);
    assertThat(persister.stuck()).isEmpty();
    assertThat(buffer.parkedRows()).isZero();
  }

  @Test
  void storeThatIsAwayParksNothing() throws Exception {
    tight = true;
    writer.fail(TRACES, new IOException("away"));
    persister.start();
    add(TRACES, 1);
    persister.signal();
    awaiting(() -> persister.outage() != null);
    pace();
    assertThat(lot.sets).isEmpty();
    assertThat(persister.stuck()).isEmpty();
  }

  @Test
  void stuckTableThatIsOwedTooMuchTakesNoMoreAndNoOtherDoes() throws Exception {
    stick(TRACES);
    persister.start();
    add(TRACES, 1);
    persister.signal();
    awaiting(() -> persister.stuck().containsKey(TRACES));
    pace();
    assertThat(parking.refusal(TRACES)).isNull();
    fill(2, PARK_BYTES);
    pace();
    assertThat(parking.refusal(TRACES)).contains("default.traces", "park.max-bytes", "dropped");
    assertThat(parking.refusal(LOGS)).isNull();
    writer.stuck.clear();
    persister.flush(buffer.table(TRACES), WAIT);
    pace();
    assertThat(parking.refusal(TRACES)).as("put right").isNull();
  }

  private void stick(TableKey table) {
    writer.stuck.put(table, new TableStuckException(table, "it was dropped"));
  }

  private void add(TableKey table, long position) throws Exception {
    HotSpans.add(allocator, buffer, table, position, 4);
    buffer.seal(buffer.table(table));
  }

  @Test
  void releaseThatHangsHoldsUpNoSpill() throws Exception {
    persister.close();
    HotSpans.add(allocator, buffer, TRACES, 1, 4);
    CountDownLatch held = writer.hold(TRACES);
    persister = persister(4 * buffer.bytes());
    CountDownLatch answer = new CountDownLatch(1);
    hanging.set(answer);
    persister.start();
    try {
      awaiting(() -> hanging.get() == null);
      for (long position = 2; position < 40; position++) {
        HotSpans.add(allocator, buffer, TRACES, position, 4);
      }
      awaiting(() -> buffer.loggedRows() > 0);
    } finally {
      answer.countDown();
      held.countDown();
    }
  }

  @Test
  void closeWaitsForAPersistUnderWay() throws Exception {
    CountDownLatch gate = writer.hold(TRACES);
    persister.start();
    HotSpans.add(allocator, buffer, TRACES, 1, 4);
    buffer.seal(buffer.table(TRACES));
    persister.signal();
    awaiting(() -> writer.running(TRACES));
    Thread closing = new Thread(persister::close);
    closing.start();
    gate.countDown();
    closing.join();
    closed = true;
    assertThat(buffer.table(TRACES).mark()).isEqualTo(1);
    assertThat(buffer.records().persisted()).isEqualTo(4);
  }

  private Persister persister(long memoryBytes) {
    return persister(memoryBytes, 2);
  }

  private Persister persister(long memoryBytes, int threads) {
    parking = new Parking(lot, ledger, PARK_AFTER, PARK_BYTES, () -> tight);
    return new Persister(
        buffer,
        writer,
        this::release,
        parking,
        ledger,
        (part, e) -> died.set(e),
        GRACE,
        new HotMemory(memoryBytes, ledger),
        new PersistThreads(threads, clock, new Holds(clock, new Telemetry("test"))),
        clock);
  }

  private void release() throws Exception {
    CountDownLatch answer = hanging.getAndSet(null);
    if (answer != null) {
      answer.await();
    }
    Throwable failure = releaseFailures.poll();
    if (failure instanceof Exception e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    released.get().countDown();
  }

  /** Waits until the pace thread has gone all the way round since the call. */
  private void pace() throws InterruptedException {
    for (int i = 0; i < 3; i++) { // a release, and a round, may have been under way
      CountDownLatch round = new CountDownLatch(1);
      released.set(round);
      persister.signal();
      round.await();
    }
  }

  private long fill(long from, long bytes) {
    HotBatch one = HotSpans.batch(allocator, 1, 4);
    long each = one.bytes();
    one.release();
    return add(from, bytes / each + 1);
  }

  /** As {@link #fill}, of what is in memory while nobody reads it. */
  private long hold(long from, long bytes) {
    HotBatch one = HotSpans.batch(allocator, 1, 4);
    long each = one.heldBytes();
    one.release();
    return add(from, bytes / each + 1);
  }

  private long add(long from, long batches) {
    for (long position = from; position < from + batches; position++) {
      HotSpans.add(allocator, buffer, TRACES, position, 4);
    }
    return from + batches - 1;
  }

  private static void awaiting(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Knows which sets are in it. */
  private static final class ListedLot implements Parking.Lot {

    final List<String> sets = Collections.synchronizedList(new ArrayList<>());
    final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

    @Override
    public void park(ChunkSet set) throws IOException {
      IOException failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
      sets.add("%s (%d, %d]".formatted(set.table(), set.from(), set.to()));
    }

    @Override
    public void committed(TableKey table, long from, long to) {
      sets.remove("%s (%d, %d]".formatted(table, from, to));
    }
  }

  /** Fails as often as it is told, waits where it is told, else has persisted the set. */
  private static final class ScriptedWriter implements Persister.SetWriter {

    final List<ChunkSet> sets = Collections.synchronizedList(new ArrayList<>());
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final Map<TableKey, BlockingQueue<Throwable>> failures = new ConcurrentHashMap<>();
    final Map<TableKey, Exception> stuck = new ConcurrentHashMap<>();
    private final Map<TableKey, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Map<TableKey, Boolean> running = new ConcurrentHashMap<>();

    void fail(TableKey table, Throwable failure) {
      failures.computeIfAbsent(table, k -> new LinkedBlockingQueue<>()).add(failure);
    }

    CountDownLatch hold(TableKey table) {
      CountDownLatch gate = new CountDownLatch(1);
      gates.put(table, gate);
      return gate;
    }

    boolean running(TableKey table) {
      return running.containsKey(table);
    }

    List<String> of(TableKey table) {
      String prefix = table + " ";
      return List.copyOf(ranges).stream()
          .filter(range -> range.startsWith(prefix))
          .map(range -> range.substring(prefix.length()))
          .toList();
    }

    @Override
    public void persist(ChunkSet set) throws Exception {
      sets.add(set);
      ranges.add("%s (%d, %d]".formatted(set.table(), set.from(), set.to()));
      running.put(set.table(), true);
      CountDownLatch gate = gates.get(set.table());
      if (gate != null) {
        gate.await();
      }
      BlockingQueue<Throwable> waiting = failures.get(set.table());
      Throwable failure = waiting == null ? stuck.get(set.table()) : waiting.poll();
      if (failure instanceof Exception e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }
}
