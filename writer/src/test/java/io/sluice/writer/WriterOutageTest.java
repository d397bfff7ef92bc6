package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.lake.Lake;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole Writer whose store is away for longer than its memory lasts. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterOutageTest {

  private static final long MEMORY = 4 << 20;
  private static final int PUTS = 40;
  private static final int ROWS = 2_000;
  private static final int MOST_PUTS = 2_000;
  private static final List<String> TENANTS = List.of("default", "other");

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private AwayFiles files;
  private WriterService service;
  private FlightClient client;

  @BeforeEach
  void open() throws Exception {
    files = new AwayFiles();
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--memory.max-bytes=" + MEMORY,
            "--checkpoint.every=1ms",
            "--read.grace=0s",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=128MiB");
    WriterSettings settings = WriterSettings.from(Settings.of(flags, Map.of(), data));
    service =
        WriterService.open(
            settings,
            WriterEnvironment.withLakes(config -> Lake.open(config, Clock.systemUTC(), files)),
            (part, e) -> died.set(e));
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
  void outageLastsAsLongAsTheLogAndThenAllIsPersistedOnceAndTheLogReleased() throws Exception {
    List<String> expected = putThroughAnOutage();
    assertThat(status().get("log").get("first").asLong()).isEqualTo(1);
    files.away = false;
    assertAllIsPersisted(expected);
    awaitReleased();
  }

  @Test
  void killInAnOutageLosesNothingAndStoresNothingTwice() throws Exception {
    List<String> expected = putThroughAnOutage();
    service.abandon();
    client.close();
    open();
    assertThat(bytesInMemory()).as("what is replayed stays in the log").isZero();
    assertAllIsPersisted(expected);
    awaitReleased();
  }

  /** The log is all there is, and one tenant would have it. */
  @Test
  void tenantThatFillsTheLogIsRefusedBeforeItIsFullAndTheOthersAreTaken() throws Exception {
    List<String> tenants = List.of("default", "other", "third");
    for (String tenant : tenants) {
      put(tenant, PUTS, 1);
    }
    flush();
    files.away = true;
    PutAnswer refused = fill("default");
    assertThat(refused.status()).isEqualTo(PutAnswer.Status.REFUSED);
    assertThat(refused.text()).contains("this tenant has more than its part");
    assertThat(refused.retryAfterMillis()).isPositive();
    for (int put = 0; put < 3; put++) {
      for (String tenant : List.of("other", "third")) {
        put(tenant, put, ROWS);
      }
    }
    assertThat(offer("default", MOST_PUTS, ROWS).status()).isEqualTo(PutAnswer.Status.REFUSED);
    files.away = false;
    flush();
    assertThat(offer("default", MOST_PUTS, ROWS).status()).isEqualTo(PutAnswer.Status.DONE);
  }

  /** Puts until it is refused, and not only until rows in memory are left to the log. */
  private PutAnswer fill(String tenant) throws Exception {
    for (int put = 0; put < MOST_PUTS; put++) {
      PutAnswer answer = offer(tenant, put, ROWS);
      while (answer.text().contains("the memory for rows")) {
        answer = offer(tenant, put, ROWS);
      }
      if (answer.status() != PutAnswer.Status.DONE) {
        awaitPressureIsOver();
        answer = offer(tenant, put, ROWS);
      }
      if (answer.status() != PutAnswer.Status.DONE) {
        return answer;
      }
    }
    throw new AssertionError("it was never refused");
  }

  /** More rows than memory holds, each put answered as stored; the names of a tenant's spans. */
  private List<String> putThroughAnOutage() throws Exception {
    for (String tenant : TENANTS) {
      put(tenant, PUTS, 1); // its tables are there
    }
    flush();
    files.away = true;
    for (int put = 0; put < PUTS; put++) {
      for (String tenant : TENANTS) {
        put(tenant, put, ROWS);
      }
      awaitPressureIsOver();
    }
    List<String> expected =
        IntStream.range(0, PUTS * ROWS).mapToObj(n -> "span " + n).sorted().toList();
    for (String tenant : TENANTS) {
      long mark = table(tenant).get("persistedPosition").asLong();
      assertThat(hot(tenant, mark)).isEqualTo(expected);
      assertThat(table(tenant).get("hotRows").asInt()).isEqualTo(PUTS * ROWS);
      assertThat(table(tenant).get("loggedRows").asInt()).isGreaterThan(PUTS * ROWS / 4);
    }
    assertThat(status().toString()).contains("the store is away");
    return expected;
  }

  private void assertAllIsPersisted(List<String> expected) throws Exception {
    flush();
    try (Lake lake = Lake.open(config(), Clock.systemUTC())) {
      for (String tenant : TENANTS) {
        List<String> names = new ArrayList<>();
        try (CloseableIterable<Record> records =
            IcebergGenerics.read(lake.catalog().loadTable(TableIdentifier.of(tenant, "traces")))
                .build()) {
          records.forEach(record -> names.add((String) record.getField("name")));
        }
        names.remove("span " + PUTS * ROWS); // from before the outage
        assertThat(names.stream().sorted().toList()).isEqualTo(expected);
      }
    }
    for (String tenant : TENANTS) {
      assertThat(table(tenant).get("hotRows").asInt()).isZero();
      assertThat(table(tenant).get("loggedRows").asInt()).isZero();
    }
  }

  private io.sluice.lake.LakeConfig config() {
    return WriterSettings.from(Settings.of(List.of("--data=" + data), Map.of(), data)).lake();
  }

  /** Rows in memory are so few that the next put is not refused. */
  private void awaitPressureIsOver() throws Exception {
    await("bytes of rows in memory", () -> bytesInMemory() <= MEMORY / 4 * 3);
  }

  private long bytesInMemory() throws Exception {
    long bytes = 0;
    for (JsonNode table : status().get("tables")) {
      bytes += table.get("hotBytes").asLong();
    }
    return bytes;
  }

  private void awaitReleased() throws Exception {
    await("the log is released", () -> status().get("log").get("first").asLong() >= PUTS);
  }

  private static void await(String what, Callable<Boolean> reached) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!reached.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private JsonNode table(String tenant) throws Exception {
    for (JsonNode table : status().get("tables")) {
      if (table.get("tenant").asText().equals(tenant)
          && table.get("table").asText().equals("traces")) {
        return table;
      }
    }
    throw new AssertionError("no table of " + tenant);
  }

  private JsonNode status() throws Exception {
    return new ObjectMapper().readTree(client.doAction(new Action("status")).next().getBody());
  }

  private void flush() {
    client.doAction(new Action("flush")).forEachRemaining(result -> {});
  }

  private void put(String tenant, int number, int rows) throws Exception {
    assertThat(offer(tenant, number, rows).status()).isEqualTo(PutAnswer.Status.DONE);
  }

  private PutAnswer offer(String tenant, int number, int rows) throws Exception {
    long id = number + 1;
    long micros = System.currentTimeMillis() * 1000;
    BatchId batch = new BatchId(tenant.length(), id);
    PutMetadata metadata =
        new PutMetadata(false, id, List.of(new PutMetadata.Batch(batch, rows, micros)));
    try (VectorSchemaRoot root =
        WireSpans.of(allocator, "cart", number * ROWS, rows, micros * 1000)) {
      return FlightPuts.spans(client, allocator, tenant, metadata, root);
    }
  }

  private List<String> hot(String tenant, long after) throws Exception {
    List<String> names = new ArrayList<>();
    String log = status().get("log").get("id").asText();
    ReadTicket ticket =
        new ReadTicket(
            tenant,
            Table.TRACES,
            Map.of(java.util.UUID.fromString(log), after),
            List.of("name"),
            null,
            null,
            false);
    try (FlightStream stream = client.getStream(new Ticket(ticket.toJson()))) {
      while (stream.next()) {
        VectorSchemaRoot root = stream.getRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          names.add(root.getVector("name").getObject(row).toString());
        }
      }
    }
    return names.stream().sorted().toList();
  }
}
