package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
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

/**
 * A whole Writer with one sick table, {@code default.traces}: its rows are parked, the log is
 * released, another tenant's go on; and once the table is well, each row is in it once.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParkedTableTest {

  private static final int ROWS = 2_000;
  private static final String SICK = "default";
  private static final String WELL = "other";

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final Map<String, List<String>> acked = new TreeMap<>();
  private Lake lake;
  private WriterService service;
  private FlightClient client;
  private int puts;

  @BeforeEach
  void begin() throws Exception {
    open();
    lake = Lake.open(config(), Clock.systemUTC());
    put(SICK);
    put(WELL);
    flush();
  }

  @AfterEach
  void end() throws Exception {
    client.close();
    service.abandon();
    lake.close();
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void droppedTableIsParkedAndTakesAllOnceItIsPutBack() throws Exception {
    String metadata = metadata();
    lake.catalog().dropTable(id(SICK), false);
    parkSome();
    restart();
    assertThat(hotNames(SICK)).as("after a restart").isEqualTo(unpersisted());
    putBoth(2);
    await(() -> table(SICK).path("hotRows").asLong() == 0);
    restart(); // and again, with more than one set
    assertThat(hotNames(SICK)).isEqualTo(unpersisted());
    lake.catalog().registerTable(id(SICK), metadata);
    assertAllIsInTheTablesOnce();
  }

  @Test
  void rolledBackTableIsParkedAndTakesAllOnceItIsPutBack() throws Exception {
    putBoth(1);
    flush();
    BaseTable table = (BaseTable) lake.catalog().loadTable(id(SICK));
    long newest = table.currentSnapshot().snapshotId();
    table.manageSnapshots().rollbackTo(table.currentSnapshot().parentId()).commit();
    persistedPuts = 2;
    parkSome();
    table.refresh();
    table.manageSnapshots().setCurrentSnapshot(newest).commit();
    assertAllIsInTheTablesOnce();
  }

  @Test
  void tableThatLostItsMarkIsParkedAndTakesAllOnceItHasItAgain() throws Exception {
    BaseTable table = (BaseTable) lake.catalog().loadTable(id(SICK));
    String mark = "sluice.position." + logId();
    String value = table.properties().get(mark);
    table.updateProperties().remove(mark).commit();
    parkSome();
    restart();
    table.refresh();
    table.updateProperties().set(mark, value).commit();
    assertAllIsInTheTablesOnce();
  }

  /** Nobody says that it is the table and not the store; but the others are persisted. */
  @Test
  void tableWithoutItsMetadataStopsNobodyElseAlsoAtAStart() throws Exception {
    Path metadata = Path.of(metadata().replaceFirst("^file:", ""));
    Path away = data.resolve("away.json");
    Files.move(metadata, away);
    restart();
    putBoth(3);
    assertThat(hotNames(SICK)).isEqualTo(unpersisted());
    await(() -> inTable(WELL).size() == acked.get(WELL).size());
    await(() -> table(SICK).path("parkedRows").asLong() == unpersisted().size());
    await(() -> status().get("log").get("first").asLong() > 6);
    Files.writeString(metadata, "no metadata");
    restart();
    assertThat(hotNames(SICK)).isEqualTo(unpersisted());
    Files.move(away, metadata, StandardCopyOption.REPLACE_EXISTING);
    assertAllIsInTheTablesOnce();
  }

  @Test
  void stuckTableThatIsOwedTooMuchRefusesItsPutsAlone() throws Exception {
    restart("--park.max-bytes=1MiB");
    String metadata = metadata();
    lake.catalog().dropTable(id(SICK), false);
    String refused = null;
    while (refused == null) {
      refused = tryPut(SICK);
    }
    assertThat(refused).contains("default.traces", "park.max-bytes is 1048576", "it was dropped");
    putBothBut(SICK, 4);
    lake.catalog().registerTable(id(SICK), metadata);
    await(() -> tryPut(SICK) == null);
    assertAllIsInTheTablesOnce();
  }

  @Test
  void damagedParkedFileIsNamedAndStopsNobodyElse() throws Exception {
    String metadata = metadata();
    lake.catalog().dropTable(id(SICK), false);
    parkSome();
    Path file = parked().get(0);
    flip(file, Files.size(file) / 2);
    restart();
    assertThatThrownBy(() -> hotNames(SICK))
        .isInstanceOf(FlightRuntimeException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining("at offset");
    lake.catalog().registerTable(id(SICK), metadata);
    putBothBut(SICK, 2);
    await(() -> table(SICK).toString().contains("at offset"));
    await(() -> inTable(WELL).size() == acked.get(WELL).size());
    putBoth(2);
    await(() -> table(SICK).path("hotRows").asLong() == 0); // parked behind it: the log goes on
    flip(file, Files.size(file) / 2);
    assertAllIsInTheTablesOnce();
  }

  @Test
  void tableThatWasAwayAtAStartTakesWhatItLacksOnceItIsPutBack() throws Exception {
    restart("--checkpoint.every=1h");
    put(SICK);
    flush(); // of which nothing is known but by the table
    put(SICK);
    String metadata = metadata();
    lake.catalog().dropTable(id(SICK), false);
    restart();
    await(() -> table(SICK).path("parkedRows").asLong() == 2 * ROWS);
    lake.catalog().registerTable(id(SICK), metadata);
    restart();
    assertAllIsInTheTablesOnce();
  }

  @Test
  void tableThatWasMadeAnewTakesWhatWaitsForItOnceItIsUnparked() throws Exception {
    lake.catalog().dropTable(id(SICK), false);
    try (Lake other = Lake.open(config(), Clock.systemUTC())) {
      other.ensureTables(SICK);
    }
    parkSome();
    putBoth(1); // and some that is not parked
    restart();
    assertThat(unpark()).contains("default.traces is taken as it is", "position 0");
    restart();
    flush();
    List<String> lost = acked.get(SICK).subList(0, ROWS); // with the old table
    acked.put(SICK, new ArrayList<>(acked.get(SICK).subList(ROWS, acked.get(SICK).size())));
    assertThat(lost).hasSize(ROWS);
    putBoth(1);
    assertAllIsInTheTablesOnce();
    restart();
    assertAllIsInTheTablesOnce();
  }

  /** What is durable then: which table it is now; not yet where what waits for it begins. */
  @Test
  void unparkThatDiedInItsMiddleIsAskedAgain() throws Exception {
    lake.catalog().dropTable(id(SICK), false);
    try (Lake other = Lake.open(config(), Clock.systemUTC())) {
      other.ensureTables(SICK);
    }
    parkSome();
    acked.put(SICK, new ArrayList<>(unpersisted()));
    persistedPuts = 0;
    putBoth(1); // and some that is not parked
    long end =
        parked().stream()
            .mapToLong(file -> Long.parseLong(file.toString().replaceFirst(".*-", "")))
            .min()
            .orElseThrow(); // of the oldest
    Path inTheWay = data.resolve("writer/parked/default.traces.0-" + end);
    Files.createDirectories(inTheWay.resolve("full"));
    assertThatThrownBy(this::unpark).hasMessageContaining(String.valueOf(inTheWay.getFileName()));
    stop();
    Files.delete(inTheWay.resolve("full"));
    Files.delete(inTheWay);
    open();
    assertThat(hotNames(SICK)).isEqualTo(unpersisted());
    assertThat(unpark()).contains("is taken as it is");
    putBoth(1);
    assertAllIsInTheTablesOnce();
  }

  @Test
  void droppedTableThatIsOwedNothingIsMadeByAnUnpark() throws Exception {
    lake.catalog().dropTable(id(SICK), false);
    assertThat(unpark()).contains("it was made, empty", "nothing was owed");
    acked.get(SICK).clear();
    putBoth(1);
    assertAllIsInTheTablesOnce();
    assertThat(unpark()).contains("is as this log left it");
  }

  @Test
  void wellTableNeedsNoUnparkAndOneThatIsNotKnownIsRefusedInTheWritersWords() throws Exception {
    assertThat(unpark())
        .startsWith("default.traces is as this log left it, at position ")
        .endsWith(": nothing waits for it, and nothing is to be done");
    ReadTicket nobody = new ReadTicket("nobody", Table.TRACES, Map.of(), null, null, null, false);
    assertThatThrownBy(() -> client.doAction(new Action("unpark", nobody.toJson())).next())
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> assertThat(e.status().metadata().get("sluice-reason")).isEqualTo("later"))
        .hasMessage("cannot unpark nobody.traces: nothing is known of it (see ./sluice status)");
  }

  @Test
  void tableThatIsOfAnotherTimeIsNotUnparked() throws Exception {
    BaseTable table = (BaseTable) lake.catalog().loadTable(id(SICK));
    String mark = "sluice.position." + logId();
    String value = table.properties().get(mark);
    table.updateProperties().remove(mark).commit();
    parkSome();
    assertThatThrownBy(this::unpark)
        .hasMessageContaining("cannot unpark default.traces: its marks");
    assertThat(hotNames(SICK)).isEqualTo(unpersisted());
    table.refresh();
    table.updateProperties().set(mark, value).commit();
    assertAllIsInTheTablesOnce();
  }

  private String unpark() throws Exception {
    byte[] body = ReadTicket.of(Table.TRACES).toJson();
    byte[] answer = client.doAction(new Action("unpark", body)).next().getBody();
    return new ObjectMapper().readTree(answer).get("done").asText();
  }

  private LakeConfig config() {
    return WriterSettings.from(Settings.of(List.of("--data=" + data), Map.of(), data)).lake();
  }

  private int persistedPuts = 1;

  private List<String> unpersisted() {
    List<String> all = acked.get(SICK);
    return all.subList(persistedPuts * ROWS, all.size()).stream().sorted().toList();
  }

  /** Until rows of the sick table are parked, the others are persisted and the log is released. */
  private void parkSome() throws Exception {
    putBoth(6);
    await(() -> table(SICK).path("hotRows").asLong() == 0);
    await(() -> table(WELL).path("hotRows").asLong() == 0);
    assertThat(table(SICK).get("parkedRows").asInt()).isEqualTo(unpersisted().size());
    assertThat(status().get("ledger").get("parked").asInt()).isEqualTo(unpersisted().size());
    await(() -> status().get("log").get("first").asLong() > 6);
    assertThat(hotNames(SICK)).isEqualTo(unpersisted());
  }

  private void assertAllIsInTheTablesOnce() throws Exception {
    flush();
    await(() -> parked().isEmpty());
    for (String tenant : List.of(SICK, WELL)) {
      assertThat(table(tenant).path("parkedRows").asInt()).isZero();
      assertThat(table(tenant).path("hotRows").asInt()).isZero();
      assertThat(inTable(tenant)).isEqualTo(acked.get(tenant).stream().sorted().toList());
    }
  }

  private List<String> inTable(String tenant) throws Exception {
    List<String> names = new ArrayList<>();
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(lake.catalog().loadTable(id(tenant))).select("name").build()) {
      records.forEach(record -> names.add((String) record.getField("name")));
    }
    return names.stream().sorted().toList();
  }

  private void open(String... more) throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--data=" + data,
                "--flight.port=0",
                "--writer.admin.port=0",
                "--persist.threads=4",
                "--checkpoint.every=1ms",
                "--read.grace=0s",
                "--seal.late=1ms",
                "--park.after=1ms",
                "--wal.segment-bytes=1MiB",
                "--wal.max-bytes=64MiB"));
    flags.addAll(List.of(more));
    WriterSettings settings = WriterSettings.from(Settings.of(flags, Map.of(), data));
    service = WriterService.open(settings, (part, e) -> died.set(e));
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private void restart(String... more) throws Exception {
    stop();
    open(more);
  }

  private void stop() throws Exception {
    client.close();
    service.abandon();
  }

  private static TableIdentifier id(String tenant) {
    return TableIdentifier.of(tenant, "traces");
  }

  private String metadata() {
    BaseTable table = (BaseTable) lake.catalog().loadTable(id(SICK));
    return table.operations().current().metadataFileLocation();
  }

  private List<Path> parked() throws Exception {
    try (Stream<Path> files = Files.list(data.resolve("writer/parked"))) {
      return files.sorted().toList();
    }
  }

  private static void flip(Path file, long offset) throws Exception {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int there = bytes.read();
      bytes.seek(offset);
      bytes.write(there ^ 1);
    }
  }

  private static void await(Callable<Boolean> reached) throws Exception {
    while (!reached.call()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private String logId() throws Exception {
    return status().get("log").get("id").asText();
  }

  private JsonNode table(String tenant) throws Exception {
    for (JsonNode table : status().get("tables")) {
      if (table.get("tenant").asText().equals(tenant)
          && table.get("table").asText().equals("traces")) {
        return table;
      }
    }
    return MissingNode.getInstance(); // it owes nothing since the start
  }

  private JsonNode status() throws Exception {
    return new ObjectMapper().readTree(client.doAction(new Action("status")).next().getBody());
  }

  private void flush() {
    client.doAction(new Action("flush")).forEachRemaining(result -> {});
  }

  private void putBoth(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      put(SICK);
      put(WELL);
    }
  }

  private void putBothBut(String but, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      put(but.equals(SICK) ? WELL : SICK);
    }
  }

  private void put(String tenant) throws Exception {
    assertThat(tryPut(tenant)).isNull();
  }

  /** Null if it was stored; else why not. */
  private String tryPut(String tenant) throws Exception {
    int number = puts++;
    long micros = System.currentTimeMillis() * 1000;
    BatchId batch = new BatchId(tenant.length(), number);
    PutMetadata metadata =
        new PutMetadata(false, number, List.of(new PutMetadata.Batch(batch, ROWS, micros)));
    PutAnswer answer;
    try (VectorSchemaRoot root =
        WireSpans.of(allocator, "cart", number * ROWS, ROWS, micros * 1000)) {
      answer = FlightPuts.spans(client, allocator, tenant, metadata, root);
    }
    if (answer.status() != PutAnswer.Status.DONE) {
      return answer.text();
    }
    List<String> names = acked.computeIfAbsent(tenant, k -> new ArrayList<>());
    for (int row = 0; row < ROWS; row++) {
      names.add("span " + (number * ROWS + row));
    }
    return null;
  }

  private List<String> hotNames(String tenant) throws Exception {
    List<String> names = new ArrayList<>();
    long after = table(tenant).get("persistedPosition").asLong();
    ReadTicket ticket =
        new ReadTicket(
            tenant,
            Table.TRACES,
            Map.of(UUID.fromString(logId()), after),
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
