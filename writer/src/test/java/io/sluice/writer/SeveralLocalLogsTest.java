package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.wal.LogEnvironment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers that host several logs, each on its own disk alone. */
@Timeout(120)
class SeveralLocalLogsTest {

  @TempDir Path directory;

  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final AtomicReference<String> dead = new AtomicReference<>("");
  private final Map<Integer, WriterService> services = new TreeMap<>();
  private final Map<Integer, FlightClient> clients = new TreeMap<>();
  private final Map<String, HeldDisk> disks = new TreeMap<>();
  private long ids;

  @Test
  void aDiskWithLogsOfTheOtherFormIsRefused() throws Exception {
    Path one = Files.createDirectories(directory.resolve("one/writer/log-2"));
    Files.createFile(one.resolve("log-id"));
    assertThatThrownBy(() -> LogForm.require(common("one", "1.1.1.1:1,1.1.1.2:1,1.1.1.3:1", "3")))
        .isInstanceOf(CannotStartException.class)
        .hasMessageStartingWith(
            "cannot start: %s is a log with one copy, and replication-factor is 3".formatted(one));
    LogForm.require(common("one", "1.1.1.1:1", "1"));
    Path three =
        Files.createDirectories(directory.resolve("three/writer/raft/" + UUID.randomUUID()));
    assertThatThrownBy(() -> LogForm.require(common("three", "1.1.1.1:1", "1")))
        .hasMessageStartingWith("cannot start: %s is a log with three copies".formatted(three));
    LogForm.require(common("three", "1.1.1.1:1,1.1.1.2:1,1.1.1.3:1", "3"));
    LogForm.require(common("new", "1.1.1.1:1", "1"));
  }

  private CommonSettings common(String data, String writers, String factor) throws Exception {
    return CommonSettings.from(
        Settings.of(
            List.of(
                "--data=" + directory.resolve(data),
                "--writers=" + writers,
                "--replication-factor=" + factor),
            Map.of(),
            directory));
  }

  @AfterEach
  void close() throws Exception {
    for (int writer : List.copyOf(services.keySet())) {
      stop(writer);
    }
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void eachLogHasItsRowsAlsoAfterARestart() throws Exception {
    open(0, "--logs=3");
    for (int log = 0; log < 3; log++) {
      assertThat(put(0, log, 10 + log).status()).isEqualTo(PutAnswer.Status.DONE);
    }
    assertThat(rows(0)).containsExactly(10, 11, 12);
    assertThatThrownBy(() -> rows(0, ReadTicket.of(Table.TRACES)))
        .isInstanceOf(FlightRuntimeException.class)
        .hasMessageContaining("the ticket names no log, this Writer has 3");
    List<String> ids = logs(0).findValuesAsText("id");
    abandon(0);
    open(0, "--logs=3");
    assertThat(logs(0).findValuesAsText("id")).isEqualTo(ids).doesNotHaveDuplicates();
    assertThat(rows(0)).containsExactly(10, 11, 12);
    assertThat(writer(0))
        .isDirectoryContaining("glob:**/log-2")
        .isDirectoryContaining("glob:**/window-1");
  }

  @Test
  void flushMovesAMarkOfEachLog() throws Exception {
    open(0, "--logs=3");
    for (int log = 0; log < 3; log++) {
      put(0, log, 10 + log);
      put(0, log, 1);
    }
    JsonNode flushed = action(0, "flush").get("persisted");
    assertThat(flushed.findValuesAsText("log")).containsExactly("0", "1", "2");
    assertThat(flushed.findValuesAsText("rows")).containsExactly("11", "12", "13");
    assertThat(flushed.findValuesAsText("position")).containsOnly("2");
    JsonNode status = action(0, "status");
    assertThat(status.get("ready").asBoolean()).isTrue();
    assertThat(status.get("logs")).hasSize(3);
    assertThat(status.get("log").get("id")).isEqualTo(status.get("logs").get(0).get("id"));
    assertThat(status.get("ledger").get("persisted").asInt()).isEqualTo(36);
    assertThat(status.get("ledger").get("hot").asInt()).isZero();
    stop(0);
    open(0, "--logs=3");
    assertThatThrownBy(() -> rows(0)).hasMessageContaining("reload");
    put(0, 1, 5);
    assertThat(action(0, "flush").get("persisted").findValuesAsText("rows")).containsExactly("5");
  }

  @Test
  void repeatIsRecognisedInItsLog() throws Exception {
    open(0, "--logs=2");
    assertThat(put(0, 1, 7, new BatchId(3, 3)).repeats()).containsExactly(false);
    assertThat(put(0, 1, 7, new BatchId(3, 3)).repeats()).containsExactly(true);
    action(0, "flush");
    stop(0);
    open(0, "--logs=2");
    assertThat(put(0, 1, 7, new BatchId(3, 3)).repeats()).containsExactly(true);
  }

  @Test
  void metersSayOfWhichLogTheyAreAndTheLedgerIsOfAll() throws Exception {
    open(0, "--logs=2");
    put(0, 0, 3);
    put(0, 1, 4);
    String page = page(0, "/metrics");
    assertThat(page)
        .contains(
            "sluice_records_taken_total{log=\"0\",otel_scope_name=\"io.sluice\",table=\"traces\",tenant=\"default\"} 3.0")
        .contains(
            "sluice_records_taken_total{log=\"1\",otel_scope_name=\"io.sluice\",table=\"traces\",tenant=\"default\"} 4.0")
        .contains("sluice_wal_applied_position{log=\"0\"")
        .contains("sluice_wal_applied_position{log=\"1\"")
        .doesNotContain("sluice_wal_applied_position{otel");
  }

  /** As long as it has not ended, who cannot put into that log may put into the others. */
  @Test
  void logWhoseDiskFailsEndsTheWriterAndCostsNoneOfTheOthersRows() throws Exception {
    open(0, "--logs=2");
    put(0, 0, 3);
    put(0, 1, 4);
    disks.get("log-1").failForces();
    assertThat(put(0, 1, 5).status()).isEqualTo(PutAnswer.Status.REFUSED);
    assertThat(put(0, 0, 6).status()).isEqualTo(PutAnswer.Status.DONE);
    awaitDeath();
    assertThat(dead.get()).isEqualTo("log 1");
    stop(0);
    open(0, "--logs=2");
    assertThat(rows(0).get(0)).isEqualTo(9);
    assertThat(rows(0).get(1)).as("what was refused may be there").isIn(4, 9);
  }

  private void awaitDeath() {
    while (died.getAndSet(null) == null) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void logThatLostItsEndIsNamed() throws Exception {
    open(0, "--logs=2");
    put(0, 1, 4);
    abandon(0);
    Path log = writer(0).resolve("log-1");
    Path old = Files.createDirectory(directory.resolve("old"));
    copy(log, old);
    open(0, "--logs=2");
    put(0, 1, 4);
    action(0, "flush");
    abandon(0);
    empty(log);
    empty(writer(0).resolve("window-1"));
    copy(old, log);
    assertThatThrownBy(() -> open(0, "--logs=2"))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining(
            "cannot start: default.traces holds this log up to position 2, the log ends at 1")
        .hasMessageEndingWith(": log 1");
    awaitDeath();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void empty(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void putToALogOfAnotherWriterIsToldItsAddress() throws Exception {
    List<Integer> ports = FreePorts.several(2);
    String writers = "--writers=127.0.0.1:%d,127.0.0.1:%d".formatted(ports.get(0), ports.get(1));
    for (int writer = 0; writer < 2; writer++) {
      open(
          writer,
          "--logs=4",
          writers,
          "--writer.id=writer-" + writer,
          "--flight.port=" + ports.get(writer),
          "--warehouse=file://" + directory.resolve("warehouse"),
          "--catalog.uri=jdbc:sqlite:" + directory.resolve("catalog.db"));
    }
    int led = 0;
    for (int log = 0; log < 4; log++) {
      for (int writer = 0; writer < 2; writer++) {
        boolean hosts = hosts(writer, log);
        led += hosts ? 1 : 0;
        PutAnswer answer = put(writer, log, 2);
        if (hosts) {
          assertThat(answer.status()).isEqualTo(PutAnswer.Status.DONE);
        } else {
          assertThat(answer.status()).isEqualTo(PutAnswer.Status.NOT_LEADER);
          assertThat(answer.text()).isEqualTo("127.0.0.1:" + ports.get(1 - writer));
        }
      }
    }
    assertThat(led).as("each log is on one Writer").isEqualTo(4);
    assertThat(logs(1).get("cluster").asInt()).isEqualTo(4);
    assertThat(logs(1).get("address").asText()).isEqualTo("127.0.0.1:" + ports.get(1));
    assertThat(rows(0)).containsExactly(2, 2);
    for (int writer = 0; writer < 2; writer++) {
      assertThat(action(writer, "flush").get("persisted").findValuesAsText("rows"))
          .containsExactly("2", "2");
    }
  }

  @Test
  void logThatIsNotHostedAnyMoreIsNotLeftBehindInSilence() throws Exception {
    open(0, "--logs=3");
    put(0, 2, 4);
    stop(0);
    assertThatThrownBy(() -> open(0, "--logs=2"))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("log-2 is a log of this Writer, which is to host [0, 1] now");
  }

  private boolean hosts(int writer, int log) throws Exception {
    return logs(writer).get("logs").findValuesAsText("number").contains(Integer.toString(log));
  }

  private Path writer(int writer) {
    return directory.resolve(Integer.toString(writer)).resolve("writer");
  }

  private void open(int writer, String... more) throws IOException, InvalidSettingsException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--data=" + directory.resolve(Integer.toString(writer)),
                "--writer.admin.port=0",
                "--wal.segment-bytes=1MiB",
                "--wal.max-bytes=16MiB"));
    if (List.of(more).stream().noneMatch(flag -> flag.startsWith("--flight.port"))) {
      flags.add("--flight.port=0");
    }
    flags.addAll(List.of(more));
    Settings given = Settings.of(flags, Map.of(), directory);
    WriterSettings settings = WriterSettings.from(given);
    given.check();
    WriterService service = WriterService.open(settings, environment(), this::died);
    services.put(writer, service);
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    clients.put(
        writer,
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build());
  }

  private WriterEnvironment environment() {
    WriterEnvironment system = WriterEnvironment.system();
    return new WriterEnvironment(
        path -> {
          LogEnvironment log = system.log().of(path);
          HeldDisk disk = new HeldDisk(log.storage());
          disks.put(path.getFileName().toString(), disk);
          return new LogEnvironment(disk, log.nanoTime(), log.wallMicros(), log.random());
        },
        system.lakes());
  }

  private void died(String part, Throwable cause) {
    dead.set(part);
    died.set(cause);
  }

  private void stop(int writer) throws Exception {
    clients.remove(writer).close();
    services.remove(writer).close();
  }

  private void abandon(int writer) throws Exception {
    clients.remove(writer).close();
    services.remove(writer).abandon();
  }

  private PutAnswer put(int writer, int log, int rows) throws Exception {
    return put(writer, log, rows, new BatchId(ids++, log));
  }

  private PutAnswer put(int writer, int log, int rows, BatchId id) throws Exception {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    PutMetadata metadata =
        new PutMetadata(false, 1, List.of(new PutMetadata.Batch(id, rows, micros)));
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", 0, rows, micros * 1000)) {
      return FlightPuts.spans(clients.get(writer), allocator, log, "default", metadata, root);
    }
  }

  private JsonNode logs(int writer) throws Exception {
    return action(writer, "logs");
  }

  private JsonNode action(int writer, String type) throws Exception {
    return new ObjectMapper()
        .readTree(clients.get(writer).doAction(new Action(type)).next().getBody());
  }

  /** Hot rows of each log that the Writer hosts. */
  private List<Integer> rows(int writer) throws Exception {
    List<Integer> rows = new ArrayList<>();
    for (String id : logs(writer).get("logs").findValuesAsText("id")) {
      rows.add(rows(writer, ReadTicket.of(Table.TRACES).of(UUID.fromString(id))));
    }
    return rows;
  }

  private int rows(int writer, ReadTicket ticket) throws Exception {
    int rows = 0;
    try (FlightStream stream = clients.get(writer).getStream(new Ticket(ticket.toJson()))) {
      while (stream.next()) {
        rows += stream.getRoot().getRowCount();
      }
    }
    return rows;
  }

  private String page(int writer, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + services.get(writer).adminPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }
}
