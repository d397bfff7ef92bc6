package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.lake.Lake;
import io.sluice.s3server.FaultScript;
import io.sluice.s3server.FaultyStore;
import io.sluice.s3server.S3Call;
import io.sluice.s3server.S3Server;
import io.sluice.s3server.StoreFault;
import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.Settings;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole Writer whose tables are in a real S3 server. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3WarehouseTest {

  private static final int ROWS = 5_000;

  @TempDir Path data;
  @TempDir Path store;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final List<String> acked = new ArrayList<>();
  private S3Server server;
  private WriterService service;
  private FaultyStore faulty;
  private FlightClient client;

  @BeforeEach
  void begin() throws Exception {
    server = S3Server.start(store);
    faulty = FaultyStore.before(server.endpoint());
    open();
  }

  @AfterEach
  void end() throws Exception {
    client.close();
    service.abandon();
    faulty.close();
    server.close();
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void rowsAreInTheTableOnceAcrossACrash() throws Exception {
    put();
    flush();
    put();
    crash();
    put();
    flush();
    assertThat(inTable()).isEqualTo(acked.stream().sorted().toList());
    try (Lake lake = lake()) {
      BaseTable table =
          (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
      assertThat(table.location())
          .isEqualTo("s3://" + S3Server.BUCKET + "/warehouse/default/traces");
    }
    assertThat(data.resolve("warehouse")).as("on this machine's disk").doesNotExist();
  }

  @Test
  void putsAreTakenWhileTheStoreIsAwayAndPersistedWhenItIsBack() throws Exception {
    put();
    flush();
    server.close();
    put();
    crash();
    put();
    assertThat(status().get("ready").asBoolean()).as("reads wait for the store").isFalse();
    client.close();
    service.abandon();
    server = S3Server.start(store);
    open();
    while (!status().get("ready").asBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
    flush();
    assertThat(inTable()).isEqualTo(acked.stream().sorted().toList());
  }

  /** At once, not when the first rows are to be persisted. */
  @Test
  void storeThatMayNotBeWrittenToIsSaidAtStart() throws Exception {
    StoreFault denied = new StoreFault.Answer(403, "AccessDenied");
    Path other = Files.createDirectory(data.resolve("other"));
    faulty.play(FaultScript.always(S3Call.PUT_OBJECT, denied));
    assertThatThrownBy(() -> WriterService.open(settings(other, faulty.endpoint()), (p, e) -> {}))
        .isInstanceOf(CannotStartException.class)
        .hasMessageStartingWith(
            "cannot start: cannot write to warehouse: s3://lake/warehouse: the store denies access"
                + " (docs/operations.md");
    faulty.play(FaultScript.always(S3Call.DELETE_OBJECT, denied));
    assertThatThrownBy(() -> WriterService.open(settings(other, faulty.endpoint()), (p, e) -> {}))
        .isInstanceOf(CannotStartException.class)
        .hasMessageStartingWith(
            "cannot start: cannot delete from warehouse: s3://lake/warehouse: the store denies");
    faulty.play(FaultScript.all(new StoreFault.Answer(404, "NoSuchBucket")));
    assertThatThrownBy(() -> WriterService.open(settings(other, faulty.endpoint()), (p, e) -> {}))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("there is no such bucket (make it, or see to warehouse");
  }

  /** It has rows to take: it says why it is not ready, and is as soon as it may be. */
  @Test
  void writerInUseTakesPutsWhileTheStoreDeniesAccess() throws Exception {
    put();
    client.close();
    service.abandon();
    faulty.play(FaultScript.always(S3Call.PUT_OBJECT, new StoreFault.Answer(403, "AccessDenied")));
    open(faulty.endpoint());
    put();
    assertThat(status().toString()).contains("cannot write to warehouse: s3://lake/warehouse: the");
    faulty.play(FaultScript.NOTHING);
    while (!status().get("ready").asBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
    flush();
    assertThat(inTable()).isEqualTo(acked.stream().sorted().toList());
    assertThat(metric("sluice_s3_calls_total")).isPositive();
    assertThat(metric("sluice_s3_failures_total")).isPositive();
    assertThat(metric("sluice_s3_retries_total")).isZero();
  }

  private double metric(String name) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + service.adminPort() + "/metrics");
    String text =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return text.lines()
        .filter(line -> line.startsWith(name) && !line.startsWith("#"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private void open() throws Exception {
    open(server.endpoint());
  }

  private void open(URI endpoint) throws Exception {
    service = WriterService.open(settings(data, endpoint), (part, e) -> died.set(e));
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private static WriterSettings settings(Path data, URI endpoint) {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--warehouse=s3://" + S3Server.BUCKET + "/warehouse",
            "--s3.endpoint=" + endpoint,
            "--s3.access-key=" + S3Server.ACCESS_KEY,
            "--s3.secret-key=" + S3Server.SECRET_KEY,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB");
    return WriterSettings.from(Settings.of(flags, Map.of(), data));
  }

  private void crash() throws Exception {
    client.close();
    service.abandon();
    open();
  }

  private Lake lake() throws Exception {
    return Lake.open(settings(data, server.endpoint()).lake(), Clock.systemUTC());
  }

  private List<String> inTable() throws Exception {
    List<String> names = new ArrayList<>();
    try (Lake lake = lake();
        CloseableIterable<Record> records =
            IcebergGenerics.read(lake.catalog().loadTable(TableIdentifier.of("default", "traces")))
                .select("name")
                .build()) {
      records.forEach(record -> names.add((String) record.getField("name")));
    }
    return names.stream().sorted().toList();
  }

  private JsonNode status() throws Exception {
    return new ObjectMapper().readTree(client.doAction(new Action("status")).next().getBody());
  }

  private void flush() {
    client.doAction(new Action("flush")).forEachRemaining(result -> {});
  }

  private void put() throws Exception {
    int number = acked.size() / ROWS;
    long micros = System.currentTimeMillis() * 1000;
    PutMetadata metadata =
        new PutMetadata(
            false, number, List.of(new PutMetadata.Batch(new BatchId(7, number), ROWS, micros)));
    PutAnswer answer;
    try (VectorSchemaRoot root =
        WireSpans.of(allocator, "cart", number * ROWS, ROWS, micros * 1000)) {
      answer = FlightPuts.spans(client, allocator, "default", metadata, root);
    }
    assertThat(answer.status()).isEqualTo(PutAnswer.Status.DONE);
    for (int row = 0; row < ROWS; row++) {
      acked.add("span " + (number * ROWS + row));
    }
  }
}
