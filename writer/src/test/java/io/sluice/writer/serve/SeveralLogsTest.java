package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.Scope;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.wal.Leadership;
import io.sluice.wal.NotLeaderException;
import io.sluice.writer.HotSpans;
import io.sluice.writer.ManualClock;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.TimeToFull;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Writer that hosts logs 1 and 2 of three: a read is of one log, at its leader, or says so. */
@Timeout(60)
class SeveralLogsTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);
  private static final String HERE = "127.0.0.1:8815";
  private static final String OTHER = "10.0.0.7:8815";

  private final BufferAllocator allocator = new RootAllocator();
  private final ManualClock clock = new ManualClock();
  private final ChunkBuffer[] buffers = {buffer(), buffer()};
  private final PromisedLog[] logs = {log(1), log(2)};
  private final Admitted admitted =
      new Admitted(new FlightLimits(64, 256, 4, 2), new Telemetry("test"));
  private Actions actions;
  private FlightServer server;
  private FlightClient client;

  private ChunkBuffer buffer() {
    return new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, clock);
  }

  private static PromisedLog log(int number) {
    return new PromisedLog(new UUID(7, number));
  }

  @BeforeEach
  void listen() throws Exception {
    FixedLogs those = new FixedLogs(3, List.of(served(0), served(1)));
    actions = FixedLogs.actions("writer-1", HERE, those, admitted);
    FlightReads reads =
        new FlightReads(
            those,
            new Whereabouts(HERE, false),
            allocator,
            actions,
            new NoPromotions(),
            new ReadLimits(Duration.ofMinutes(1), clock, new LongAdder()),
            admitted,
            () -> Caller.ANYBODY);
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), reads)
            .build()
            .start();
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", server.getPort()))
            .build();
    HotSpans.add(allocator, buffers[0], TRACES, 1, 10);
    HotSpans.add(allocator, buffers[1], TRACES, 1, 3);
    HotSpans.add(allocator, buffers[1], TRACES, 2, 4);
  }

  /** What an unpark does in the meantime. */
  private Actions.Unparking unparking = table -> "nothing";

  private ServedLog served(int at) {
    ReadGate gate = new ReadGate(buffers[at], logs[at], () -> null, Duration.ofMillis(20));
    return new ServedLog(
        at + 1, logs[at], buffers[at], null, gate, new TimeToFull(() -> 0, () -> 0), unparking);
  }

  @AfterEach
  void nothingIsHeld() throws Exception {
    client.close();
    server.close();
    for (ChunkBuffer buffer : buffers) {
      buffer.close();
    }
    while (allocator.getAllocatedMemory() > 0) { // that a reader is gone is seen a moment later
      LockSupport.parkNanos(1_000_000);
    }
    allocator.close();
  }

  @Test
  void readIsOfTheLogThatItsTicketNames() throws Exception {
    assertThat(rows(ticket(0))).isEqualTo(10);
    assertThat(rows(ticket(1))).isEqualTo(7);
    assertThat(rows(ticket(1).with(Map.of(logs[0].id, 9L, logs[1].id, 1L)))).isEqualTo(4);
    try (FlightStream stream = open(ticket(1))) {
      assertThat(stream.getSchema().getCustomMetadata())
          .containsEntry("sluice.log", logs[1].id.toString())
          .containsEntry("sluice.position", "2")
          .doesNotContainKey("sluice.partial");
    }
  }

  @Test
  void ticketOfNoLogIsRefusedWhereThereAreSeveral() {
    assertThatThrownBy(() -> rows(ReadTicket.of(Table.TRACES)))
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.INVALID_ARGUMENT))
        .hasMessageContaining("cannot read: the ticket names no log, this Writer has 2");
  }

  @Test
  void logThatIsNotHereIsReadElsewhere() {
    assertRefused(
        () -> rows(ReadTicket.of(Table.TRACES).of(new UUID(7, 0))), "this Writer does not have it");
  }

  @Test
  void whoDoesNotLeadRefusesUnlessItMayBePartial() throws Exception {
    logs[0].confirmed = CompletableFuture.failedFuture(new NotLeaderException("a follower", OTHER));
    assertRefused(() -> rows(ticket(0)), "does not lead the log, which is led by " + OTHER);
    assertThat(rows(ticket(1))).as("the other log's reads go on").isEqualTo(7);
    try (FlightStream stream = open(partial(0))) {
      assertThat(stream.getSchema().getCustomMetadata().get("sluice.partial"))
          .isEqualTo("this Writer does not lead the log, which is led by " + OTHER);
      assertThat(rest(stream)).isEqualTo(10);
    }
  }

  @Test
  void whoIsNotConfirmedInTimeRefusesUnlessItMayBePartial() throws Exception {
    logs[1].confirmed = new CompletableFuture<>();
    assertRefused(() -> rows(ticket(1)), "nobody confirmed that this Writer leads the log");
    logs[1].confirmed = new CompletableFuture<>();
    logs[1].promised = 9;
    try (FlightStream stream = open(partial(1))) {
      assertThat(stream.getSchema().getCustomMetadata())
          .containsKey("sluice.partial")
          .containsEntry("sluice.position", "2");
      assertThat(rest(stream)).as("what is applied, and no more is waited for").isEqualTo(7);
    }
  }

  @Test
  void whatIsConfirmedIsWaitedFor() throws Exception {
    logs[1].confirmed = CompletableFuture.completedFuture(3L);
    try (FlightStream stream = open(ticket(1))) {
      assertThat(stream.next()).isTrue();
      while (!buffers[1].isAwaited()) {
        LockSupport.parkNanos(1_000_000);
      }
      HotSpans.add(allocator, buffers[1], TRACES, 3, 5);
      assertThat(rest(stream)).isEqualTo(5);
    }
  }

  @Test
  void followerOfALeaderThatLeadsNoMoreIsSentToTheNext() throws Exception {
    ReadTicket follow =
        new ReadTicket(
            "default", Table.TRACES, Map.of(), null, null, null, true, logs[0].id, false);
    try (FlightStream stream = open(follow)) {
      assertThat(stream.next()).isTrue();
      logs[0].leadership = new Leadership(4, false, OTHER);
      assertRefused(() -> rest(stream), "does not lead the log any more");
    }
  }

  @Test
  void flightHasATicketForEachLogThatIsHere() throws Exception {
    logs[1].leadership = new Leadership(4, false, OTHER);
    FlightInfo info = client.getInfo(FlightDescriptor.path("traces"));
    assertThat(info.getRecords()).isEqualTo(17);
    assertThat(info.getSchemaOptional().orElseThrow().getCustomMetadata())
        .containsEntry("sluice.partial", "this Writer has 2 of 3 logs (ask the others, too)");
    assertThat(info.getEndpoints()).hasSize(2);
    assertThat(info.getEndpoints().get(0).getLocations())
        .containsExactly(Location.forGrpcInsecure("127.0.0.1", 8815));
    assertThat(info.getEndpoints().get(1).getLocations())
        .containsExactly(Location.forGrpcInsecure("10.0.0.7", 8815));
    int rows = 0;
    for (FlightEndpoint endpoint : info.getEndpoints()) {
      rows += rows(ReadTicket.parse(endpoint.getTicket().getBytes()));
    }
    assertThat(rows).isEqualTo(17);
  }

  @Test
  void logsAreTold() throws Exception {
    logs[1].leadership = new Leadership(4, false, OTHER);
    JsonNode told = action("logs");
    assertThat(told.get("writer").asText()).isEqualTo("writer-1");
    assertThat(told.get("address").asText()).isEqualTo(HERE);
    assertThat(told.get("cluster").asInt()).isEqualTo(3);
    assertThat(told.get("logs"))
        .hasToString(
            "[{\"number\":1,\"id\":\"%s\",\"term\":0,\"leader\":\"%s\",\"leads\":true,\"first\":1,\"applied\":1},"
                    .formatted(logs[0].id, HERE)
                + "{\"number\":2,\"id\":\"%s\",\"term\":4,\"leader\":\"%s\",\"leads\":false,\"first\":1,\"applied\":2}]"
                    .formatted(logs[1].id, OTHER));
    logs[1].leadership = new Leadership(5, false, null);
    assertThat(action("logs").get("logs").get(1).has("leader")).isFalse();
  }

  @Test
  void whoLeadsNothingFlushesNothing() throws Exception {
    for (PromisedLog log : logs) {
      log.leadership = new Leadership(4, false, OTHER);
    }
    assertThat(action("flush").get("persisted")).isEmpty();
  }

  @Test
  void aCallerHasSoManyReadsOpenAndAnotherOneWhenOneHasEnded() throws Exception {
    try (FlightStream first = open(following())) {
      first.next();
      try (FlightStream second = open(following())) {
        second.next();
        assertTooMany(() -> rows(ticket(0)), "2 reads of this caller are open");
      }
      while (true) {
        try {
          assertThat(rows(ticket(0))).isEqualTo(10);
          break;
        } catch (FlightRuntimeException e) { // until the Writer sees that the second is gone
          assertThat(e.status().code()).isEqualTo(FlightStatusCode.RESOURCE_EXHAUSTED);
        }
      }
    }
  }

  @Test
  void allCallersTogetherHaveSoManyReadsOpen() {
    Admitted.Call one = admitted.read("a");
    admitted.read("a");
    assertTooMany(() -> admitted.read("a"), "2 reads of this caller are open");
    admitted.read("b");
    admitted.read("c");
    assertTooMany(() -> admitted.read("d"), "4 reads are open");
    one.close();
    admitted.read("d").close();
  }

  private ReadTicket following() {
    return new ReadTicket(
        "default", Table.TRACES, Map.of(), null, null, null, true, logs[0].id, false);
  }

  @Test
  void aTenantsTokenHasOneFlushUnderWayAndNobodyElseWaitsForIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    unparking =
        table -> {
          begun.countDown();
          ended.await();
          return "nothing";
        };
    FixedLogs those = new FixedLogs(3, List.of(served(0), served(1)));
    actions = FixedLogs.actions("writer-1", HERE, those, admitted);
    byte[] table = "{\"tenant\":\"acme\",\"table\":\"traces\"}".getBytes(StandardCharsets.UTF_8);
    byte[] ofShop = "{\"tenant\":\"shop\",\"table\":\"traces\"}".getBytes(StandardCharsets.UTF_8);
    Caller caller = new Caller("admin", "acme", Set.of(Scope.ADMIN), false);
    CompletableFuture<byte[]> first =
        CompletableFuture.supplyAsync(() -> actions.run("unpark", table, caller));
    begun.await();
    assertTooMany(
        () -> actions.run("flush", table, caller), "a flush or unpark of tenant acme is under way");
    assertThat(actions.run("flush", ofShop, new Caller("b", "shop", Set.of(Scope.ADMIN), false)))
        .isNotEmpty();
    assertThat(actions.run("flush", table, Caller.ANYBODY)).isNotEmpty();
    ended.countDown();
    first.join();
    assertThat(actions.run("flush", table, caller)).isNotEmpty();
  }

  private static void assertTooMany(ThrowingCallable call, String said) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> {
              assertThat(e.status().code()).isEqualTo(FlightStatusCode.RESOURCE_EXHAUSTED);
              assertThat(e.status().metadata().get("sluice-reason")).isEqualTo("later");
            })
        .hasMessageContaining(said);
  }

  private static void assertRefused(ThrowingCallable call, String said) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().metadata().get("sluice-reason")).isEqualTo("leader"))
        .hasMessageContaining(said);
  }

  private JsonNode action(String type) throws Exception {
    return new ObjectMapper().readTree(client.doAction(new Action(type)).next().getBody());
  }

  private ReadTicket ticket(int at) {
    return ReadTicket.of(Table.TRACES).of(logs[at].id);
  }

  private ReadTicket partial(int at) {
    return new ReadTicket(
        "default", Table.TRACES, Map.of(), null, null, null, false, logs[at].id, true);
  }

  private FlightStream open(ReadTicket ticket) {
    return client.getStream(new Ticket(ticket.toJson()));
  }

  private int rows(ReadTicket ticket) throws Exception {
    try (FlightStream stream = open(ticket)) {
      return rest(stream);
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
