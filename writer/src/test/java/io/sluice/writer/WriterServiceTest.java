package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole Writer in this process, spoken to by flight-core's own client. */
@Timeout(120)
class WriterServiceTest {

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private WriterService service;
  private FlightClient client;

  @BeforeEach
  void open() throws Exception {
    open("--read.grace=60s");
  }

  private void open(String... more) throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--data=" + data,
                "--flight.port=0",
                "--writer.admin.port=0",
                "--wal.segment-bytes=1MiB",
                "--wal.max-bytes=64MiB"));
    flags.addAll(List.of(more));
    Settings settings = Settings.of(flags, Map.of(), data);
    service = WriterService.open(WriterSettings.from(settings), (part, e) -> died.set(e));
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    service.close();
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void ackedRowsAreReadableAtOnce() throws Exception {
    put(1, "cart", 0, 10);
    assertThat(read(ReadTicket.of(Table.TRACES))).hasSize(10).contains("span 0", "span 9");
  }

  @Test
  void stockClientWithoutMetadataIsStoredToo() throws Exception {
    try (VectorSchemaRoot root = spans("cart", 0, 3)) {
      SyncPutListener answers = new SyncPutListener();
      FlightClient.ClientStreamListener stream = client.startPut(path(), root, answers);
      stream.putNext();
      stream.completed();
      stream.getResult();
    }
    assertThat(read(ReadTicket.of(Table.TRACES))).hasSize(3);
  }

  @Test
  void repeatIsAnsweredAsStoredAndStoredOnce() throws Exception {
    assertThat(put(7, "cart", 0, 10).repeats()).containsExactly(false);
    assertThat(put(7, "cart", 0, 10).repeats()).containsExactly(true);
    assertThat(read(ReadTicket.of(Table.TRACES))).hasSize(10);
  }

  @Test
  void columnsAreTheAskedOnesWithTheTablesTypes() throws Exception {
    put(1, "cart", 0, 2);
    ReadTicket all = ReadTicket.of(Table.TRACES);
    try (FlightStream stream = client.getStream(new Ticket(all.toJson()))) {
      assertThat(stream.getSchema().getFields())
          .isEqualTo(TableSchema.of(Table.TRACES).arrow().getFields());
      assertThat(stream.getSchema().getCustomMetadata()).containsEntry("sluice.position", "1");
    }
  }

  @Test
  void flushedRowsLeaveTheLogsRangeAndStayOnce() throws Exception {
    put(1, "cart", 0, 10);
    String flushed =
        new String(client.doAction(new Action("flush")).next().getBody(), StandardCharsets.UTF_8);
    assertThat(flushed).contains("\"position\":1").contains("\"rows\":10");
    put(2, "cart", 10, 5);
    restart();
    assertThatReload(ReadTicket.of(Table.TRACES));
    assertThat(put(1, "cart", 0, 10).repeats()).containsExactly(true);
  }

  @Test
  void ticketsThatAWriterGivesAreGoodForWhatNoCommitHolds() throws Exception {
    put(1, "cart", 0, 10);
    client.doAction(new Action("flush")).forEachRemaining(result -> {});
    restart(); // lets go of what is persisted
    put(2, "cart", 10, 5);
    FlightInfo byPath = client.getInfo(FlightDescriptor.path("traces"));
    FlightInfo byCommand =
        client.getInfo(
            FlightDescriptor.command(
                "{\"table\":\"traces\",\"columns\":[\"name\"]}".getBytes(StandardCharsets.UTF_8)));
    for (FlightInfo info : List.of(byPath, byCommand)) {
      byte[] ticket = info.getEndpoints().get(0).getTicket().getBytes();
      assertThat(info.getRecords()).isEqualTo(5);
      assertThat(read(new String(ticket, StandardCharsets.UTF_8))).hasSize(5).contains("span 10");
    }
  }

  @Test
  void restartGivesBackWhatWasAcked() throws Exception {
    put(1, "cart", 0, 10);
    put(2, "shop", 10, 10);
    service.abandon();
    client.close();
    open();
    assertThat(read(ReadTicket.of(Table.TRACES))).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void badTicketsSayWhatIsWrong() {
    assertThatThrownBy(() -> read("{\"table\":\"spans\"}"))
        .hasMessageContaining("cannot read table: spans");
    assertThatThrownBy(() -> read("{\"table\":\"traces\",\"columns\":[\"nme\"]}"))
        .hasMessageContaining("cannot read column: nme");
    assertThatThrownBy(() -> read("{\"table\":\"traces\",\"limit\":3}"))
        .hasMessageContaining("unknown key limit");
  }

  @Test
  void timeRangeAndColumnsAreCutInTheWriter() throws Exception {
    put(1, "cart", 0, 10);
    Instant later = Instant.now().plusSeconds(60);
    ReadTicket none =
        new ReadTicket("default", Table.TRACES, Map.of(), List.of("name"), later, null, false);
    assertThat(read(none)).isEmpty();
    ReadTicket all =
        new ReadTicket("default", Table.TRACES, Map.of(), List.of("name"), null, later, false);
    assertThat(read(all)).hasSize(10);
  }

  @Test
  void followerGetsWhatArrivesAfterItCame() throws Exception {
    put(1, "cart", 0, 1);
    ReadTicket follow = new ReadTicket("default", Table.TRACES, Map.of(), null, null, null, true);
    try (FlightStream stream = client.getStream(new Ticket(follow.toJson()))) {
      assertThat(stream.next()).isTrue();
      put(2, "cart", 1, 1);
      assertThat(stream.next()).isTrue();
      assertThat(stream.getRoot().getVector("name").getObject(0)).hasToString("span 1");
      stream.cancel("seen", null);
    }
  }

  @Test
  void followerOfAQuietTableGoesOnAcrossAFlushAndTheReleaseOfItsRows() throws Exception {
    restart("--read.grace=0s");
    put(1, "cart", 0, 1);
    String released = "\"tenant\":\"default\",\"table\":\"traces\",\"hotRows\":0,\"hotBytes\":0,";
    ReadTicket follow = new ReadTicket("default", Table.TRACES, Map.of(), null, null, null, true);
    try (FlightStream stream = client.getStream(new Ticket(follow.toJson()))) {
      assertThat(stream.next()).isTrue();
      put("other", 2, "cart", 0, 1);
      flush();
      put("other", 3, "cart", 1, 1);
      while (!status().contains(released)) {
        LockSupport.parkNanos(1_000_000);
      }
      put(4, "cart", 1, 1);
      assertThat(stream.next()).isTrue();
      assertThat(stream.getRoot().getVector("name").getObject(0)).hasToString("span 1");
      flush();
      put(5, "cart", 2, 1);
      assertThat(stream.next()).isTrue();
      assertThat(stream.getRoot().getVector("name").getObject(0)).hasToString("span 2");
      stream.cancel("seen", null);
    }
  }

  @Test
  void closingPersistsWhatIsOpenWithoutAFlush() throws Exception {
    put(1, "cart", 0, 10);
    restart();
    assertThatReload(ReadTicket.of(Table.TRACES));
    assertThat(status()).contains("\"hotRows\":0").contains("\"replayed\":0");
  }

  @Test
  void flightOfACommandIsTheTicketItNames() throws Exception {
    put(1, "cart", 0, 3);
    ReadTicket names =
        new ReadTicket("default", Table.TRACES, Map.of(), List.of("name"), null, null, false);
    FlightInfo info = client.getInfo(FlightDescriptor.command(names.toJson()));
    assertThat(info.getSchemaOptional().orElseThrow().getFields())
        .isEqualTo(TableSchema.of(Table.TRACES).arrow(Set.of("name")).getFields());
    assertThat(info.getRecords()).isEqualTo(3);
    Ticket ticket = info.getEndpoints().get(0).getTicket();
    assertThat(read(new String(ticket.getBytes(), StandardCharsets.UTF_8)))
        .containsExactly("span 0", "span 1", "span 2");
  }

  @Test
  void unknownTenantReadsAsEmptyWithAPositionAndIsNotKept() throws Exception {
    put(1, "cart", 0, 3);
    for (String tenant : List.of("nobody_1", "nobody_2")) {
      ReadTicket ticket = new ReadTicket(tenant, Table.LOGS, Map.of(), null, null, null, false);
      try (FlightStream stream = client.getStream(new Ticket(ticket.toJson()))) {
        assertThat(stream.getSchema().getCustomMetadata())
            .containsEntry("sluice.position", "1")
            .containsKey("sluice.log");
        assertThat(stream.next()).isFalse();
      }
      client.doAction(new Action("flush", ticket.toJson())).next();
    }
    assertThat(status()).doesNotContain("nobody");
  }

  @Test
  void flightsAreListedWithTicketsThatWork() throws Exception {
    put(1, "cart", 0, 3);
    List<FlightInfo> flights = new ArrayList<>();
    client.listFlights(Criteria.ALL).forEach(flights::add);
    assertThat(flights).hasSize(Table.all().size());
    FlightInfo traces = client.getInfo(FlightDescriptor.path("default", "traces"));
    assertThat(traces.getRecords()).isEqualTo(3);
    Ticket ticket = traces.getEndpoints().get(0).getTicket();
    assertThat(read(new String(ticket.getBytes(), StandardCharsets.UTF_8))).hasSize(3);
  }

  @Test
  void putOfAnotherSchemaIsRefusedForGood() {
    FlightDescriptor logs = FlightDescriptor.path("0", "default", "logs");
    try (VectorSchemaRoot root = spans("cart", 0, 1)) {
      FlightClient.ClientStreamListener stream = client.startPut(logs, root, new SyncPutListener());
      assertThatThrownBy(
              () -> {
                stream.putNext();
                stream.completed();
                stream.getResult();
              })
          .hasMessageContaining("cannot open put: schema of logs");
    }
  }

  private void assertThatReload(ReadTicket ticket) {
    assertThatThrownBy(() -> read(ticket))
        .isInstanceOf(FlightRuntimeException.class)
        .hasMessageContaining("reload");
  }

  private void restart(String... more) throws Exception {
    client.close();
    service.close();
    open(more);
  }

  private void flush() {
    client.doAction(new Action("flush")).next();
  }

  private String status() {
    return new String(
        client.doAction(new Action("status")).next().getBody(), StandardCharsets.UTF_8);
  }

  private PutAnswer put(long id, String service, int first, int rows) throws Exception {
    return put("default", id, service, first, rows);
  }

  private PutAnswer put(String tenant, long id, String service, int first, int rows)
      throws Exception {
    PutMetadata metadata =
        new PutMetadata(
            false, id, List.of(new PutMetadata.Batch(new BatchId(id, id), rows, micros())));
    List<PutAnswer> answers = new ArrayList<>();
    AsyncPutListener listener =
        new AsyncPutListener() {
          @Override
          public void onNext(PutResult result) {
            try {
              ArrowBuf bytes = result.getApplicationMetadata();
              answers.add(PutAnswer.parse(bytes.nioBuffer(0, (int) bytes.readableBytes())));
            } catch (Exception e) {
              onError(e);
            }
          }
        };
    try (VectorSchemaRoot root = spans(service, first, rows)) {
      FlightClient.ClientStreamListener stream =
          client.startPut(FlightDescriptor.path("0", tenant, "traces"), root, listener);
      byte[] bytes = metadata.toBytes();
      ArrowBuf buffer = allocator.buffer(bytes.length);
      buffer.writeBytes(bytes);
      stream.putNext(buffer);
      stream.completed();
      stream.getResult();
    }
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).status()).isEqualTo(PutAnswer.Status.DONE);
    return answers.get(0);
  }

  private VectorSchemaRoot spans(String service, int first, int rows) {
    return WireSpans.of(allocator, service, first, rows, micros() * 1000);
  }

  private static long micros() {
    return System.currentTimeMillis() * 1000;
  }

  private static FlightDescriptor path() {
    return FlightDescriptor.path("0", "default", "traces");
  }

  /** The names of the spans that a ticket gives. */
  private List<String> read(ReadTicket ticket) throws Exception {
    return read(new String(ticket.toJson(), StandardCharsets.UTF_8));
  }

  private List<String> read(String json) throws Exception {
    List<String> names = new ArrayList<>();
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try (FlightStream stream = client.getStream(new Ticket(bytes))) {
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          names.add(root.getVector("name").getObject(row).toString());
        }
      }
    }
    return names;
  }
}
