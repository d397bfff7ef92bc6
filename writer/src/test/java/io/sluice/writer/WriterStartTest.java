package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.Lake;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts on catalogs that are not as the Writer left them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterStartTest {

  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private WriterService service;
  private FlightClient client;

  @BeforeEach
  void open() throws Exception {
    open(settings());
  }

  private void open(WriterSettings settings) throws Exception {
    service = WriterService.open(settings, (part, e) -> died.set(e));
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private WriterSettings settings(String... more) {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB",
            "--checkpoint.every=1ms");
    Settings settings =
        Settings.of(Stream.concat(flags.stream(), List.of(more).stream()).toList(), Map.of(), data);
    return WriterSettings.from(settings);
  }

  @AfterEach
  void close() throws Exception {
    if (service != null) {
      client.close();
      service.close();
    }
    allocator.close();
    assertThat(died.get()).isNull();
  }

  private void stop() throws Exception {
    client.close();
    service.close();
    service = null;
  }

  @Test
  void whatAWriterMakesIsForItsOwnerAlone() throws Exception {
    stop();
    data = data.resolve("new/data");
    open();
    for (Path made : List.of(data.getParent(), data, data.resolve("writer"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .as("%s", made)
          .isEqualTo("rwx------");
    }
  }

  @Test
  void foreignTableInAForeignNamespaceDoesNotConcernIt() throws Exception {
    stop();
    try (Lake lake = lake()) {
      for (String namespace : List.of("jaeger", "Not-A-Tenant")) {
        TableIdentifier id = TableIdentifier.of(namespace, "traces");
        ((SupportsNamespaces) lake.catalog()).createNamespace(id.namespace());
        lake.catalog()
            .createTable(id, new Schema(Types.NestedField.required(1, "n", Types.LongType.get())));
      }
    }
    open();
    put(3);
    assertThat(rows(0)).isEqualTo(3);
  }

  @Test
  void oneLostTableStopsNeitherTheStartNorTheOthers() throws Exception {
    put(3);
    flush(Table.TRACES);
    stop();
    try (Lake lake = lake()) {
      lake.catalog()
          .loadTable(TableIdentifier.of("default", "metrics_sum"))
          .updateProperties()
          .remove("sluice.format")
          .commit();
    }
    open();
    put(2);
    assertThat(flush(Table.TRACES)).contains("\"rows\":2");
  }

  @Test
  void droppedTableIsNotMadeAnewUntilSomebodySaysSo() throws Exception {
    put(3);
    flush(Table.TRACES);
    awaitRelease();
    stop();
    try (Lake lake = lake()) {
      lake.catalog().dropTable(TRACES, false);
    }
    open();
    put(2);
    assertThat(rows(1)).as("kept, in memory and in the log").isEqualTo(2);
    stop();
    try (Lake lake = lake()) {
      assertThat(lake.catalog().tableExists(TRACES)).isFalse();
    }
    Files.delete(data.resolve("writer/window/tables"));
    open();
    assertThat(rows(0)).as("as the sentence says: begun anew").isEqualTo(2);
    flush(Table.TRACES);
  }

  @Test
  void anotherCatalogIsNotTakenForOursWithEmptyTables() throws Exception {
    put(3);
    flush(Table.TRACES);
    awaitRelease();
    stop();
    WriterSettings elsewhere = settings("--catalog.uri=jdbc:sqlite:" + data.resolve("other.db"));
    assertThatThrownBy(() -> WriterService.open(elsewhere, (part, e) -> died.set(e)))
        .hasMessageContaining("the catalog has none of our tables")
        .hasMessageContaining("catalog.uri");
    open();
    put(2);
    assertThat(rows(1)).isEqualTo(2);
  }

  @Test
  void tablesOfAnotherBoxAreNotTakenForOurs() throws Exception {
    put("default", 3);
    put("acme", 3);
    client.doAction(new Action("flush")).next(); // of both tenants: then the log is released
    awaitRelease();
    stop();
    String[] others = {
      "--catalog.uri=jdbc:sqlite:" + data.resolve("other.db"),
      "--warehouse=file://" + data.resolve("other")
    };
    try (Lake other = Lake.open(settings(others).lake(), Clock.systemUTC())) {
      other.ensureTables("default");
      other.ensureTables("acme");
    }
    assertThatThrownBy(() -> WriterService.open(settings(others), (part, e) -> died.set(e)))
        .hasMessageContaining("cannot start: the catalog's tables are not those that this log's")
        .hasMessageContaining("is catalog.uri right?");
    open();
    put(2);
    assertThat(flush(Table.TRACES)).contains("\"rows\":2");
  }

  /** The copy's catalog knows the original's files, and would add to them. */
  @Test
  void copyOfADataDirectoryIsNotStartedOnTheOriginalsTables() throws Exception {
    put(3);
    flush(Table.TRACES);
    stop();
    Path copy = Files.createDirectory(data.resolve("copy"));
    WriterSettings elsewhere = settings("--warehouse=file://" + copy);
    assertThatThrownBy(() -> WriterService.open(elsewhere, (part, e) -> died.set(e)))
        .hasMessageContaining("cannot start: the catalog has default.")
        .hasMessageContaining("in file://" + data.resolve("warehouse"))
        .hasMessageContaining("the warehouse is file://" + copy);
    assertThat(copy).isEmptyDirectory();
    Path link = Files.createSymbolicLink(data.resolve("link"), data.resolve("warehouse"));
    open(settings("--warehouse=file://" + link)); // the same by another name
    put(2);
    assertThat(flush(Table.TRACES)).contains("\"rows\":2");
  }

  private void awaitRelease() {
    while (!Files.exists(data.resolve("writer/window/tables"))) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private Lake lake() throws Exception {
    return Lake.open(settings().lake(), Clock.systemUTC());
  }

  private void put(int rows) throws Exception {
    put("default", rows);
  }

  private void put(String tenant, int rows) throws Exception {
    long nanos = System.currentTimeMillis() * 1_000_000;
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", 0, rows, nanos)) {
      FlightClient.ClientStreamListener stream =
          client.startPut(
              FlightDescriptor.path("0", tenant, "traces"), root, new SyncPutListener());
      stream.putNext();
      stream.completed();
      stream.getResult();
    }
  }

  private String flush(Table table) {
    byte[] body = "{\"table\":\"%s\"}".formatted(table).getBytes(StandardCharsets.UTF_8);
    byte[] answer = client.doAction(new Action("flush", body)).next().getBody();
    return new String(answer, StandardCharsets.UTF_8);
  }

  /** Rows of spans in memory above this position. */
  private long rows(long after) throws Exception {
    String id = Files.readString(data.resolve("writer/log-0/log-id")).strip();
    UUID log = UUID.fromString(id.substring(id.lastIndexOf(' ') + 1));
    ReadTicket ticket =
        new ReadTicket("default", Table.TRACES, Map.of(log, after), null, null, null, false);
    long rows = 0;
    try (FlightStream stream = client.getStream(new Ticket(ticket.toJson()))) {
      while (stream.next()) {
        rows += stream.getRoot().getRowCount();
      }
    }
    return rows;
  }
}
