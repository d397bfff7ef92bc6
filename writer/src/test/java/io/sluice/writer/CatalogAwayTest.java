package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
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
import org.apache.iceberg.FileScanTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Writer that starts while its catalog is away takes puts; all else follows by itself. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CatalogAwayTest {

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile boolean away;
  private WriterService service;
  private FlightClient client;

  @AfterEach
  void close() throws Exception {
    away = false;
    if (service != null) {
      stop();
    }
    allocator.close();
  }

  private void start(String... more) throws Exception {
    service =
        WriterService.open(
            settings(more), WriterEnvironment.withLakes(this::lake), (part, e) -> died.set(e));
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private WriterSettings settings(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--data=" + data,
                "--flight.port=0",
                "--writer.admin.port=0",
                "--wal.segment-bytes=1MiB",
                "--wal.max-bytes=64MiB",
                "--checkpoint.every=1ms"));
    flags.addAll(List.of(more));
    return WriterSettings.from(Settings.of(flags, Map.of(), data));
  }

  /** Asks a database where none listens, as long as the catalog is away. */
  private Lake lake(LakeConfig config) throws LakeUnavailableException {
    if (away) {
      refusals.incrementAndGet();
      LakeConfig nobody =
          LakeConfig.of("jdbc:sqlite:" + data.resolve("no-directory/x.db"), config.warehouse());
      return Lake.open(nobody, Clock.systemUTC());
    }
    return Lake.open(config, Clock.systemUTC());
  }

  private void stop() throws Exception {
    client.close();
    service.close();
    service = null;
  }

  /** As if the process had been killed. */
  private void kill() throws Exception {
    client.close();
    service.abandon();
    service = null;
  }

  private void awaitReplayed() {
    await("replayed", () -> service.replayed());
  }

  private static void await(String what, BooleanSupplier reached) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aWriterStartsWithoutItsCatalogAndTakesPuts() throws Exception {
    start();
    put(1, 0, 10);
    kill();
    away = true;
    start();
    assertThat(put(2, 10, 10).repeats()).containsExactly(false);
    assertThat(put(1, 0, 10).status()).isEqualTo(PutAnswer.Status.DONE);
    assertThatThrownBy(() -> rows(0))
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().metadata().get("sluice-reason")).isEqualTo("leader"))
        .hasMessageContaining("cannot read yet: the catalog is ")
        .hasMessageContaining("ask again");
    String reason = "cannot read yet: the catalog is away: cannot open catalog ";
    await("said why", () -> status().contains(reason));
    assertThat(status()).contains("\"ready\":false").contains("\"promised\":3");
    away = false;
    awaitReplayed();
    assertThat(rows(0)).containsExactlyInAnyOrderElementsOf(spans(0, 20));
    assertThat(put(2, 10, 10).repeats()).as("live again").containsExactly(true);
    assertThat(status())
        .contains("\"ready\":true")
        .contains("\"taken\":30,\"replayed\":10,\"hot\":20,\"persisted\":0")
        .contains("\"deduplicated\":20");
    flush();
    assertThat(persistedRows()).isEqualTo(20);
    assertThat(died.get()).isNull();
  }

  @Test
  void aCatalogFileThatIsMovedAwayIsSaidByTheNextPersistAndGoneOnWithWhenItIsBack()
      throws Exception {
    start();
    put(1, 0, 10);
    flush();
    Path file = data.resolve("catalog.db");
    Path moved = data.resolve("moved.db");
    Files.move(file, moved);
    put(2, 10, 10);
    String reason = file + " is not there any more (put it back as it was";
    CompletableFuture<Void> flushed = CompletableFuture.runAsync(this::flush);
    await("said", () -> status().contains(reason));
    assertThat(file).as("an empty one in its place").doesNotExist();
    put(3, 20, 10);
    Files.move(moved, file);
    flushed.join();
    flush();
    assertThat(status()).doesNotContain(reason);
    assertThat(persistedRows()).isEqualTo(30);
    assertThat(died.get()).isNull();
  }

  @Test
  void killedWhileItsCatalogIsAwayItLosesNothingAndStoresNothingTwice() throws Exception {
    start();
    put(1, 0, 10);
    flush();
    put(2, 10, 10);
    kill();
    away = true;
    int next = 20;
    for (int crash = 0; crash < 3; crash++) {
      start();
      put(1, 0, 10);
      put(3 + crash, next, 10);
      put(3 + crash, next, 10);
      next += 10;
      kill();
    }
    away = false;
    start();
    put(2, 10, 10);
    awaitReplayed();
    long mark = 1;
    assertThat(rows(mark)).containsExactlyInAnyOrderElementsOf(spans(10, next));
    flush();
    assertThat(persistedRows()).isEqualTo(next);
    assertThat(died.get()).isNull();
  }

  @Test
  void stoppedWhileItsCatalogIsAwayItEndsInTimeAndKeepsTheRest() throws Exception {
    start();
    put(1, 0, 10);
    kill();
    away = true;
    start();
    put(2, 10, 10);
    stop();
    away = false;
    start();
    awaitReplayed();
    assertThat(rows(0)).containsExactlyInAnyOrderElementsOf(spans(0, 20));
    assertThat(died.get()).isNull();
  }

  @Test
  void stoppedInTheMiddleOfItsReplayItKeepsTheRest() throws Exception {
    start();
    for (int i = 0; i < 300; i++) {
      put(i, i, 1);
    }
    kill();
    start();
    put(1_000, 300, 1);
    stop(); // wherever the replay is
    start();
    awaitReplayed();
    flush();
    assertThat(persistedRows()).isEqualTo(301);
    assertThat(died.get()).isNull();
  }

  @Test
  void aNewWriterWithoutACatalogDoesNotStart() throws Exception {
    away = true;
    assertThatThrownBy(this::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("cannot open catalog");
    away = false;
    start();
    put(1, 0, 1);
    assertThat(rows(0)).hasSize(1);
  }

  @Test
  void theCatalogIsTriedAgainAndTheReasonIsNotSaidInMasses() throws Exception {
    start();
    put(1, 0, 1);
    kill();
    away = true;
    start();
    int before = refusals.get();
    await("tried again", () -> refusals.get() >= before + 2);
    put(2, 1, 1);
    away = false;
    awaitReplayed();
    assertThat(rows(0)).hasSize(2);
  }

  /** Found only once the catalog is there: going on would give its positions twice. */
  @Test
  void aLogThatLostItsEndEndsTheWriterOnceTheCatalogSaysSo() throws Exception {
    start();
    put(1, 0, 1);
    kill();
    Path log = data.resolve("writer/log-0");
    Path old = Files.createDirectory(data.resolve("old"));
    copy(log, old);
    start();
    awaitReplayed();
    put(2, 1, 1);
    flush();
    kill();
    delete(log);
    copy(old, Files.createDirectories(log));
    delete(data.resolve("writer/window"));
    away = true;
    start();
    away = false;
    await("found out", () -> died.get() != null);
    assertThat(died.get()).hasMessageContaining("holds this log up to position 2");
    assertThatThrownBy(() -> rows(0)).hasMessageContaining("cannot read yet");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static List<String> spans(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "span " + i).toList();
  }

  private void flush() {
    client.doAction(new Action("flush")).next();
  }

  private String status() {
    return new String(
        client.doAction(new Action("status")).next().getBody(), StandardCharsets.UTF_8);
  }

  private long persistedRows() throws Exception {
    long rows = 0;
    try (Lake lake = Lake.open(settings().lake(), Clock.systemUTC())) {
      for (FileScanTask file : lake.table("default", Table.TRACES).snapshot().files()) {
        rows += file.file().recordCount();
      }
    }
    return rows;
  }

  private PutAnswer put(long id, int first, int rows) throws Exception {
    long micros = System.currentTimeMillis() * 1000;
    PutMetadata metadata =
        new PutMetadata(
            false, id, List.of(new PutMetadata.Batch(new BatchId(id, id), rows, micros)));
    PutAnswer answer;
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", first, rows, micros * 1000)) {
      answer = FlightPuts.spans(client, allocator, "default", metadata, root);
    }
    assertThat(answer.status()).isEqualTo(PutAnswer.Status.DONE);
    return answer;
  }

  /** The names of the spans above this position. */
  private List<String> rows(long after) throws Exception {
    String id = Files.readString(data.resolve("writer/log-0/log-id")).strip();
    Map<UUID, Long> from = new HashMap<>();
    from.put(UUID.fromString(id.substring(id.lastIndexOf(' ') + 1)), after);
    ReadTicket ticket = new ReadTicket("default", Table.TRACES, from, null, null, null, false);
    List<String> names = new ArrayList<>();
    try (FlightStream stream = client.getStream(new Ticket(ticket.toJson()))) {
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
