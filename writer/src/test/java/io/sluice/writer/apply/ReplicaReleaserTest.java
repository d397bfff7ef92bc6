package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.NotLeaderException;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.WireMessages;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.model.ModelCluster;
import io.sluice.writer.model.ModelLog;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the leader makes notes, and what becomes of them where it leads. */
class ReplicaReleaserTest {

  private static final TableKey KEY = new TableKey("default", Table.TRACES);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Window.Limits LIMITS = new Window.Limits(1_000_000, 100);

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final ModelCluster cluster = new ModelCluster(new UUID(1, 2), 1);
  private final ModelLog log = cluster.log(0);
  private final BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
  private final ChunkBuffer buffer =
      new ChunkBuffer(
          key -> 0L,
          SealPolicy.DEFAULT,
          new LogRows(log, new RowsByChunk(1), loader, allocator),
          clock);
  private final Window window = new Window(LIMITS);
  private final Ledger ledger = new Ledger(new Telemetry("test"));
  private final Applier applier =
      Applier.ofReplica(window, buffer, new RowsByChunk(1), loader, ledger);
  private final Roles roles = new Roles();
  private final Replica replica = new Replica(log, window, buffer, applier, roles);
  private Optional<UUID> uuid = Optional.empty();
  private ReplicaReleaser releaser = releaser(LIMITS);
  private long ids;

  @BeforeEach
  void lead() {
    log.start(1, replica);
    cluster.elect(0);
    log.apply(9);
    assertThat(replica.lead(roles.term, Map.of())).isTrue();
  }

  @AfterEach
  void free() {
    buffer.close();
    allocator.close();
  }

  @Test
  void noteIsMadeAtItsPaceAndReleasesTheLogOnceItIsApplied() throws Exception {
    long first = put();
    persist();
    releaser.release();
    assertThat(notes()).as("not due yet").isZero();
    clock.advance(EVERY);
    releaser.release();
    releaser.release();
    assertThat(notes()).as("one at a time").isEqualTo(1);
    assertThat(log.firstPosition()).as("not applied yet").isEqualTo(1);
    log.apply(9);
    releaser.release();
    assertThat(log.firstPosition()).isEqualTo(first + 1);
    assertThat(replica.tables())
        .containsExactly(new ReleasedTables.Entry(KEY, new UUID(0, 0), first));
  }

  @Test
  void idleLogGetsNoMoreNotes() throws Exception {
    put();
    persist();
    for (int i = 0; i < 10; i++) {
      clock.advance(EVERY);
      releaser.release();
      log.apply(9);
    }
    assertThat(notes()).isLessThanOrEqualTo(2);
    int before = notes();
    clock.advance(EVERY);
    releaser.release();
    assertThat(notes()).isEqualTo(before);
  }

  @Test
  void markThatMovesAloneIsToldAndSoIsWhichTableItIs() throws Exception {
    TableKey other = new TableKey("acme", Table.TRACES);
    put(other); // holds the log back
    put();
    clock.advance(EVERY);
    releaser.release();
    assertThat(notes()).as("nothing to tell").isZero();
    persist();
    releaser.release();
    log.apply(9);
    uuid = Optional.of(new UUID(5, 6));
    clock.advance(EVERY);
    releaser.release();
    log.apply(9);
    assertThat(replica.tables()).extracting(ReleasedTables.Entry::uuid).containsExactly(uuid.get());
    uuid = Optional.empty(); // the catalog is away
    put();
    persist();
    clock.advance(EVERY);
    releaser.release();
    log.apply(9);
    assertThat(replica.tables())
        .extracting(ReleasedTables.Entry::uuid)
        .as("as it was known")
        .containsExactly(new UUID(5, 6));
    assertThat(log.firstPosition()).as("the other table owes").isEqualTo(1);
  }

  @Test
  void logThatFillsUpIsReleasedAtOnce() throws Exception {
    put();
    persist();
    log.use(3);
    releaser.release();
    log.apply(9);
    releaser.release();
    assertThat(log.firstPosition()).isGreaterThan(1);
  }

  @Test
  void openSetThatALogIsKeptForIsSealedWhenItFillsUp() throws Exception {
    put();
    releaser.release();
    assertThat(buffer.table(KEY).isOwed()).as("there is room").isFalse();
    log.use(3);
    releaser.release();
    assertThat(buffer.table(KEY).isOwed()).isTrue();
  }

  @Test
  void snapshotThatCannotBeKeptIsTriedAgain() throws Exception {
    put();
    persist();
    clock.advance(EVERY);
    releaser.release();
    log.apply(9);
    log.failReleases(true);
    assertThatThrownBy(() -> releaser.release()).hasMessageContaining("no space");
    assertThat(log.firstPosition()).isEqualTo(1);
    log.failReleases(false);
    releaser.release();
    assertThat(log.firstPosition()).isGreaterThan(1);
  }

  @Test
  void followerMakesNoNotes() throws Exception {
    put();
    persist();
    replica.follows();
    clock.advance(EVERY);
    releaser.release();
    assertThat(notes()).isZero();
    assertThat(roles.term).isZero();
  }

  /** Else ids that are remembered would go before their time, on all replicas. */
  @Test
  void roomMadeSmallerThanWhatIsRememberedWaitsUntilThatFits() throws Exception {
    releaser = releaser(new Window.Limits(LIMITS.ageMicros(), 2));
    for (int i = 0; i < 4; i++) {
      put();
    }
    persist();
    clock.advance(EVERY);
    releaser.release();
    log.apply(9);
    assertThat(window.limits().maxEntries()).isEqualTo(100);
    assertThat(window.size()).isEqualTo(4);
    cluster.setMicros(10_000_000); // they age
    put();
    persist();
    clock.advance(EVERY);
    releaser.release();
    log.apply(9);
    put();
    persist();
    clock.advance(EVERY);
    releaser.release();
    log.apply(9);
    assertThat(window.limits().maxEntries()).isEqualTo(2);
    assertThat(window.evictedEarly()).isZero();
  }

  /** One that began from a snapshot above has never had less. */
  @Test
  void noteThatGivesAFullWindowMoreRoomForgetsNothingForWantOfIt() throws Exception {
    window.limit(new Window.Limits(LIMITS.ageMicros(), 2));
    for (int i = 0; i < 4; i++) {
      put();
    }
    assertThat(window.isFull()).isTrue();
    persist();
    releaser.release();
    log.apply(9);
    assertThat(notes()).as("at once").isEqualTo(1);
    assertThat(window.size()).isEqualTo(4);
    assertThat(window.isFull()).isFalse();
  }

  /** Raft says so a moment before the apply is told. */
  @Test
  void noteOfOneThatLeadsNoMoreIsNoFailure() throws Exception {
    put();
    persist();
    String why = "another Writer leads";
    DurableLog deposed = refusing(new LogFailedException(why, new NotLeaderException(why, null)));
    ReplicaReleaser late = releaser(deposed, LIMITS);
    clock.advance(EVERY);
    late.release();
    DurableLog full = refusing(new LogFullException("it is full", 1));
    ReplicaReleaser without = releaser(full, LIMITS);
    clock.advance(EVERY);
    assertThatThrownBy(without::release).hasMessageContaining("it is full");
  }

  @Test
  void liveRecordThatIsAppliedBeforeTheMarksAreKnownIsAnsweredAndTakesNoMemory() throws Exception {
    replica.follows();
    replica.leads(9);
    long position = put();
    assertThat(buffer.bytes()).isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
    assertThat(buffer.records().taken()).isEqualTo(1);
    assertThat(buffer.records().missing()).isZero();
    assertThat(replica.lead(8, Map.of(KEY, 77L))).as("of another term").isFalse();
    assertThat(buffer.table(KEY).mark()).isZero();
    assertThat(replica.lead(9, Map.of(KEY, position))).isTrue();
    assertThat(buffer.records().hot()).isZero();
    assertThat(buffer.records().persisted()).isEqualTo(1);
  }

  @Test
  void noteOfAnotherVersionEndsTheApply() {
    LogRecord note = LogRecord.note(ByteBuffer.wrap(new byte[] {9, 0, 0, 0}), null);
    note.place(7, 0);
    assertThatThrownBy(() -> replica.apply(note))
        .hasMessageContaining("cannot apply the note at position 7: its version is 9");
  }

  private ReplicaReleaser releaser(Window.Limits limits) {
    return releaser(log, limits);
  }

  private ReplicaReleaser releaser(DurableLog to, Window.Limits limits) {
    return new ReplicaReleaser(to, window, buffer, replica, key -> uuid, limits, EVERY, clock);
  }

  /** The same log, but for that it takes nothing. */
  private DurableLog refusing(Exception why) {
    return (DurableLog)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DurableLog.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("append")) {
                throw why;
              }
              return method.invoke(log, arguments);
            });
  }

  private long put() {
    return put(KEY);
  }

  /** Appends a batch of one row and applies it. */
  private long put(TableKey key) {
    byte[] message =
        WireMessages.spans(allocator, List.of(new BatchId(1, ++ids)), 1, 0, HotSpans.NOW);
    ReplicaBox.Answer answer = new ReplicaBox.Answer(HotSpans.load(allocator, message));
    byte[] head = WireMessages.head(key.tenant(), key.table());
    LogRecord record = new LogRecord(head, ByteBuffer.wrap(message), 0, false, answer);
    log.append(record);
    log.apply(1);
    assertThat(answer.repeats).containsExactly(false);
    return record.position();
  }

  private void persist() {
    TableBuffer table = buffer.table(KEY);
    buffer.seal(table);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    buffer.release(0);
  }

  private int notes() {
    return (int)
        cluster.records().stream().filter(record -> record != null && record.isNote()).count();
  }

  private static final class Roles implements RoleListener {
    private long term;

    @Override
    public void leads(long newTerm) {
      term = newTerm;
    }

    @Override
    public void follows() {
      term = 0;
    }
  }
}
