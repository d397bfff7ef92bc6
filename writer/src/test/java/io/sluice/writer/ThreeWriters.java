package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.lake.Lake;
import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** A cluster with three copies of one log, in one process, on one catalog. One thread uses it. */
final class ThreeWriters implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final List<Integer> flight = new ArrayList<>();
  private final List<Integer> raft = new ArrayList<>();
  private final BufferAllocator allocator = new RootAllocator();
  private final Map<Integer, WriterService> services = new ConcurrentHashMap<>();
  private final Map<Integer, FlightClient> clients = new ConcurrentHashMap<>();
  private final List<Throwable> died = new CopyOnWriteArrayList<>();

  private final List<String> flags;

  /**
   * @param flags settings of all of them, beside those that they need
   */
  ThreeWriters(Path directory, String... flags) throws IOException {
    this.directory = directory;
    this.flags = List.of(flags);
    for (int i = 0; i < 3; i++) {
      flight.add(FreePorts.one());
      raft.add(FreePorts.one());
    }
  }

  Path data(int writer) {
    return directory.resolve("data-" + writer);
  }

  String address(int writer) {
    return "127.0.0.1:" + flight.get(writer);
  }

  List<Throwable> died() {
    return List.copyOf(died);
  }

  void start(int writer) throws Exception {
    WriterSettings settings = settings(writer);
    WriterService service = WriterService.open(settings, (part, cause) -> died.add(cause));
    services.put(writer, service);
    clients.put(
        writer,
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build());
  }

  private WriterSettings settings(int writer) throws Exception {
    String writers = "--writers=%s,%s,%s".formatted(address(0), address(1), address(2));
    List<String> all =
        new ArrayList<>(
            List.of(
                "--data=" + data(writer),
                writers,
                "--writer.id=writer-" + writer,
                "--flight.port=" + flight.get(writer),
                "--raft.port=" + raft.get(writer),
                "--writer.admin.port=0",
                "--replication-factor=3",
                "--logs=1",
                "--raft.election-timeout=300ms",
                "--checkpoint.every=1ms",
                "--wal.segment-bytes=1MiB",
                "--wal.max-bytes=256MiB",
                "--warehouse=file://" + directory.resolve("warehouse"),
                "--catalog.uri=jdbc:sqlite:" + directory.resolve("catalog.db")));
    all.addAll(flags);
    Settings given = Settings.of(all, Map.of(), directory);
    WriterSettings settings = WriterSettings.from(given);
    given.check();
    return settings;
  }

  void startAll() throws Exception {
    for (int i = 0; i < 3; i++) {
      start(i);
    }
  }

  /** As if it were killed. */
  void abandon(int writer) throws Exception {
    clients.remove(writer).close();
    services.remove(writer).abandon();
  }

  void stop(int writer) throws Exception {
    clients.remove(writer).close();
    services.remove(writer).close();
  }

  void wipe(int writer) throws IOException {
    try (Stream<Path> all = Files.walk(data(writer))) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Waits for a Writer that leads the log. */
  int leader() throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < end) {
      for (int writer : clients.keySet()) {
        JsonNode logs = action(writer, "logs").get("logs");
        if (!logs.isEmpty() && logs.get(0).get("leads").asBoolean()) {
          return writer;
        }
      }
      pause();
    }
    throw new AssertionError("nobody leads");
  }

  /** Until the Writer is a member, and has applied what the leader has. */
  void awaitCaughtUp(int writer) throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < end) {
      JsonNode own = action(writer, "logs").get("logs");
      JsonNode leads = action(leader(), "logs").get("logs").get(0);
      boolean member = leads.get("peers").findValuesAsText("disk").contains(disk(writer));
      if (member
          && !own.isEmpty()
          && own.get(0).get("applied").asLong() >= leads.get("applied").asLong()) {
        return;
      }
      pause();
    }
    throw new AssertionError("Writer %d does not catch up".formatted(writer));
  }

  /** What the Writer says at {@code /readyz/replicas}. */
  String replicas(int writer) throws Exception {
    URI page =
        URI.create(
            "http://127.0.0.1:%d/readyz/replicas".formatted(services.get(writer).adminPort()));
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    return "%d %s".formatted(answer.statusCode(), answer.body().strip());
  }

  void awaitReplicas(int writer, String said) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!replicas(writer).equals(said)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "Writer %d does not say '%s', but '%s'".formatted(writer, said, replicas(writer)));
      }
      pause();
    }
  }

  String disk(int writer) {
    return action(writer, "logs").get("disk").asText();
  }

  private synchronized void pause() throws InterruptedException {
    wait(20);
  }

  /** Sends it to whoever leads until it is stored; whether it was a repeat. */
  boolean store(BatchId id, int rows) throws Exception {
    while (true) {
      try {
        PutAnswer answer = put(leader(), id, rows);
        if (answer.status() == PutAnswer.Status.DONE) {
          return answer.repeats().get(0);
        }
      } catch (FlightRuntimeException e) {
        pause(); // it went meanwhile
      }
    }
  }

  /** The same of a batch that is new: a repeat at most of itself, if it had to be sent again. */
  void storeNew(BatchId id, int rows) throws Exception {
    boolean isSent = false;
    while (true) {
      try {
        PutAnswer answer = put(leader(), id, rows);
        if (answer.status() == PutAnswer.Status.DONE) {
          assertThat(answer.repeats().get(0) && !isSent).as("repeat").isFalse();
          return;
        }
      } catch (FlightRuntimeException e) {
        pause(); // it went meanwhile
      }
      isSent = true;
    }
  }

  PutAnswer put(int writer, BatchId id, int rows) throws Exception {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    PutMetadata metadata =
        new PutMetadata(false, 1, List.of(new PutMetadata.Batch(id, rows, micros)));
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", 0, rows, micros * 1000)) {
      return FlightPuts.spans(clients.get(writer), allocator, 0, "default", metadata, root);
    }
  }

  JsonNode action(int writer, String type) {
    try {
      return JSON.readTree(clients.get(writer).doAction(new Action(type)).next().getBody());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Rows in the table, and at the leader those that are not: as a reader does. */
  long rows() throws Exception {
    try (Lake lake = Lake.open(settings(0).lake(), Clock.systemUTC())) {
      org.apache.iceberg.Table table =
          lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
      int leader = leader();
      UUID log = UUID.fromString(action(leader, "logs").get("logs").get(0).get("id").asText());
      long mark = Long.parseLong(table.properties().getOrDefault("sluice.position." + log, "0"));
      long hot = hot(leader, ReadTicket.of(Table.TRACES).with(Map.of(log, mark)));
      long persisted = 0;
      try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
        for (Record record : records) {
          persisted += record.size() > 0 ? 1 : 0;
        }
      }
      return hot + persisted;
    }
  }

  long hot(int writer, ReadTicket ticket) throws Exception {
    long rows = 0;
    try (FlightStream stream = clients.get(writer).getStream(new Ticket(ticket.toJson()))) {
      while (stream.next()) {
        rows += stream.getRoot().getRowCount();
      }
    }
    return rows;
  }

  @Override
  public void close() throws Exception {
    for (int writer : List.copyOf(services.keySet())) {
      abandon(writer);
    }
    allocator.close();
  }
}
