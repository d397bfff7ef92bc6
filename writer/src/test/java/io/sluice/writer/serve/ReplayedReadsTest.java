package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.security.Caller;
import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A read that is opened while the apply is behind gets all that was called stored, and no more. */
@Timeout(120)
class ReplayedReadsTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);
  private static final TableKey LOGS = new TableKey("default", Table.LOGS);

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final ChunkBuffer buffer =
      new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, clock);
  private final PromisedLog log = new PromisedLog(new UUID(1, 2));
  private volatile @Nullable String closed;
  private ReadGate gate;
  private FlightServer server;
  private FlightClient client;

  @BeforeEach
  void listen() throws Exception {
    gate = new ReadGate(buffer, log, () -> closed);
    listen(allocator);
  }

  private void listen(BufferAllocator forRows) throws Exception {
    FixedLogs logs = FixedLogs.of(log, buffer, gate);
    FlightReads reads =
        new FlightReads(
            logs,
            new Whereabouts("here:1", false),
            forRows,
            FixedLogs.actions("writer-0", "here:1", logs, FixedLogs.admitted()),
            new NoPromotions(),
            new ReadLimits(Duration.ofMinutes(1), clock, new LongAdder()),
            FixedLogs.admitted(),
            () -> Caller.ANYBODY);
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), reads)
            .build()
            .start();
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", server.getPort()))
            .build();
  }

  @AfterEach
  void nothingIsHeld() throws Exception {
    gate.stop(); // a server that closes may not tell a follower that its reader is gone
    client.close();
    server.close();
    buffer.close();
    while (allocator.getAllocatedMemory() > 0) { // that a follower is gone is seen a moment later
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(buffer.bytes()).isZero();
    allocator.close();
  }

  @Test
  void aReadOpenedDuringReplayIsWholeAndEndsAtItsTarget() throws Exception {
    log.promised = 3;
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    try (FlightStream stream = open(Table.TRACES, false)) {
      assertThat(stream.getSchema().getCustomMetadata()).containsEntry("sluice.position", "3");
      assertThat(stream.next()).as("what is applied comes at once").isTrue();
      assertThat(stream.getRoot().getRowCount()).isEqualTo(10);
      log.promised = 5; // appended after it was opened
      synchronized (buffer.table(TRACES)) { // it sees 2 to 5 at once
        for (long position = 2; position <= 5; position++) {
          HotSpans.add(allocator, buffer, TRACES, position, 10);
        }
      }
      assertThat(rest(stream)).as("positions 2 and 3").isEqualTo(20);
    }
    assertThat(rows(Table.TRACES)).isEqualTo(50);
  }

  @Test
  void itWaitsForTheApplyAlsoWhenItsTableHasNothingMore() throws Exception {
    log.promised = 3;
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    CompletableFuture<Integer> rows = CompletableFuture.supplyAsync(() -> rows(Table.TRACES));
    HotSpans.add(allocator, buffer, LOGS, 2, 1);
    awaitReader();
    assertThat(rows).as("nobody knows yet that the third is of another table").isNotDone();
    HotSpans.add(allocator, buffer, LOGS, 3, 1);
    assertThat(rows.join()).isEqualTo(10);
  }

  /** Until a reader has sent what is applied, and waits for more. */
  private void awaitReader() {
    while (!buffer.isAwaited()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aFollowerGoesOnWhereTheTargetWasAndGetsNoRowTwice() throws Exception {
    log.promised = 2;
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    try (FlightStream stream = open(Table.TRACES, true)) {
      synchronized (buffer.table(TRACES)) {
        HotSpans.add(allocator, buffer, TRACES, 2, 10);
        HotSpans.add(allocator, buffer, TRACES, 3, 10);
      }
      HotSpans.add(allocator, buffer, TRACES, 4, 1);
      int rows = 0;
      while (rows < 31) {
        assertThat(stream.next()).isTrue();
        rows += stream.getRoot().getRowCount();
      }
      assertThat(rows).isEqualTo(31);
      stream.cancel("seen", null);
    }
  }

  @Test
  void aReaderWhoseRowsArePersistedAndGoneMeanwhileIsToldToReload() throws Exception {
    log.promised = 3;
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    try (FlightStream stream = open(Table.TRACES, false)) {
      assertThat(stream.next()).isTrue();
      TableBuffer table = buffer.table(TRACES);
      synchronized (table) {
        HotSpans.add(allocator, buffer, TRACES, 2, 10);
        buffer.seal(table);
        table.persisted(table.beginPersist().orElseThrow(), 0);
        buffer.release(0);
      }
      HotSpans.add(allocator, buffer, TRACES, 3, 10);
      assertRefused(() -> rest(stream), "reload", "");
    }
  }

  @Test
  void aReaderWaitsAsLongAsTheApplyGetsOnAndThenIsToldWhy() throws Exception {
    log.promised = 3;
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    try (FlightStream stream = open(Table.TRACES, false)) {
      assertThat(stream.next()).isTrue();
      awaitReader();
      clock.advance(Duration.ofSeconds(61));
      assertRefused(
          () -> rest(stream),
          "leader",
          "the log is replayed, and for PT1M nothing was applied after position 1 of 3");
    }
  }

  @Test
  void aReaderThatWaitsGetsASignOfLife() throws Exception {
    log.promised = 2;
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    try (FlightStream stream = open(Table.TRACES, false)) {
      assertThat(stream.next()).isTrue();
      awaitReader();
      clock.advance(Duration.ofSeconds(11));
      assertThat(stream.next()).isTrue();
      assertThat(stream.getRoot().getRowCount()).isZero();
      HotSpans.add(allocator, buffer, TRACES, 2, 10);
      assertThat(rest(stream)).isEqualTo(10);
    }
  }

  @Test
  void aFollowerOfAnIdleTableGetsSignsOfLifeAndIsToldWhenTheWriterStops() throws Exception {
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    try (FlightStream stream = open(Table.TRACES, true)) {
      assertThat(stream.next()).isTrue();
      for (int hour = 0; hour < 2; hour++) {
        assertThat(nextAsTimePasses(stream)).isTrue();
        assertThat(stream.getRoot().getRowCount()).isZero();
      }
      HotSpans.add(allocator, buffer, TRACES, 2, 7);
      do {
        assertThat(stream.next()).isTrue();
      } while (stream.getRoot().getRowCount() == 0);
      assertThat(stream.getRoot().getRowCount()).isEqualTo(7);
      gate.stop();
      assertRefused(() -> rest(stream), "leader", "the Writer is stopping (ask again)");
    }
  }

  /** The time may pass before the follower looks at the clock for the first time. */
  private boolean nextAsTimePasses(FlightStream stream) {
    CompletableFuture<Boolean> next = CompletableFuture.supplyAsync(stream::next);
    while (!next.isDone()) {
      clock.advance(Duration.ofSeconds(11));
      LockSupport.parkNanos(1_000_000);
    }
    return next.join();
  }

  @Test
  void aReadThatMemoryDoesNotSufficeForMayBeTriedAgain() throws Exception {
    client.close();
    server.close();
    try (BufferAllocator small = allocator.newChildAllocator("small", 0, 1 << 10)) {
      listen(small);
      HotSpans.add(allocator, buffer, TRACES, 1, 10_000);
      assertThatThrownBy(() -> rows(Table.TRACES))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAVAILABLE))
          .hasMessageContaining(
              "cannot go on reading default.traces: the Writer has no memory for it (ask again");
    }
  }

  @Test
  void nothingIsReadNorListedNorFlushedWhileMarksAreUnknown() throws Exception {
    closed = "cannot read yet: the catalog is away (ask again)";
    assertRefused(() -> rows(Table.TRACES), "leader", closed);
    assertRefused(() -> client.getInfo(FlightDescriptor.path("traces")), "leader", closed);
    assertRefused(() -> client.listFlights(Criteria.ALL).forEach(f -> {}), "leader", closed);
    assertRefused(() -> client.doAction(new Action("flush")).next(), "leader", closed);
    assertThat(buffer.tables()).as("no table begins with a mark that is not known").isEmpty();
    closed = null;
    assertThat(rows(Table.TRACES)).isZero();
  }

  @Test
  void whileTheApplyIsBehindAFlightsRowsAreNotKnown() {
    log.promised = 2;
    HotSpans.add(allocator, buffer, TRACES, 1, 10);
    assertThat(client.getInfo(FlightDescriptor.path("traces")).getRecords()).isEqualTo(-1);
    HotSpans.add(allocator, buffer, TRACES, 2, 10);
    assertThat(client.getInfo(FlightDescriptor.path("traces")).getRecords()).isEqualTo(20);
  }

  private static void assertRefused(ThrowingCallable call, String reason, String said) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().metadata().get("sluice-reason")).isEqualTo(reason))
        .hasMessageContaining(said);
  }

  private FlightStream open(Table table, boolean follow) {
    byte[] ticket =
        "{\"table\":\"%s\",\"follow\":%s}"
            .formatted(table.tableName(), follow)
            .getBytes(StandardCharsets.UTF_8);
    return client.getStream(new Ticket(ticket), CallOptions.timeout(60, TimeUnit.SECONDS));
  }

  private int rows(Table table) {
    try (FlightStream stream = open(table, false)) {
      return rest(stream);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static int rest(FlightStream stream) {
    int rows = 0;
    while (stream.next()) {
      rows += stream.getRoot().getRowCount();
    }
    return rows;
  }
}
