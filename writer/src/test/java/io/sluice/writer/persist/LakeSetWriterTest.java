package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.service.TelemetrySettings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogRecord;
import io.sluice.writer.AwayFiles;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.WireSpans;
import io.sluice.writer.apply.Applier;
import io.sluice.writer.apply.LogRows;
import io.sluice.writer.apply.MemoryLog;
import io.sluice.writer.apply.RowsByChunk;
import io.sluice.writer.apply.Waiting;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From applied records to files and commits, in a real catalog on a disk. */
class LakeSetWriterTest {

  private static final UUID LOG = new UUID(5, 6);
  private static final UUID OTHER_LOG = new UUID(6, 5);
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long MIDNIGHT = HotSpans.NOW - HotSpans.NOW % DAY_MICROS;

  @TempDir Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private final ChunkBuffer buffer =
      new ChunkBuffer(
          key -> 0L,
          SealPolicy.DEFAULT,
          (table, part, after) -> rows().open(table, part, after),
          System::nanoTime);
  private final MemoryLog log = new MemoryLog();
  private RowsByChunk rowsByChunk = new RowsByChunk(1);
  private Runnable beforeFile = () -> {};
  private int files;
  private long position;
  private final AwayFiles store = new AwayFiles();
  private final Telemetry allIsSlow =
      new Telemetry(
          "test", new TelemetrySettings(null, Duration.ofHours(1), Map.of(), Duration.ZERO));
  private final Commits commits = new Commits(Clock.systemUTC(), nanos -> {}, allIsSlow.slow());
  private Lake lake;
  private LakeSetWriter writer;

  @BeforeEach
  void open() throws Exception {
    lake =
        Lake.open(
            LakeConfig.of(catalog() + "?busy_timeout=1", "file://" + directory.resolve("lake")),
            Clock.systemUTC(),
            store);
    writer = writer(LOG);
  }

  private LakeSetWriter writer(UUID logId) {
    return new LakeSetWriter(
        lake,
        logId,
        new ReadBack(buffer, new HotMemory(Long.MAX_VALUE, new Ledger(new Telemetry("test")))),
        new ChunkFiles(
            allocator,
            () -> {
              beforeFile.run();
              return new UUID(7, ++files);
            }),
        commits);
  }

  @AfterEach
  void close() {
    lake.close();
    buffer.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void rowsOfTwoDaysInOneMessageEndInTwoFiles() throws Exception {
    try (VectorSchemaRoot rows = spans(List.of("cart"), 20, MIDNIGHT * 1000 - 5)) {
      apply(1, Table.TRACES, rows);
    }
    writer.persist(set(Table.TRACES));
    assertThat(parquet(Table.TRACES)).hasSize(2);
    assertThat(query(Table.TRACES, "SELECT count(*) FROM FILES")).containsExactly("20");
    assertThat(query(Table.TRACES, "SELECT count(*) FROM FILES GROUP BY time::date ORDER BY 1"))
        .containsExactly("5", "15");
  }

  @Test
  void persistThatTookLongIsCounted() throws Exception {
    try (VectorSchemaRoot rows = spans(List.of("cart"), 20, MIDNIGHT * 1000)) {
      apply(1, Table.TRACES, rows);
    }
    writer.persist(set(Table.TRACES));
    Attributes persist = Attributes.builder().put("operation", "persist").build();
    assertThat(allIsSlow.counter("sluice.slow", persist).sum()).isEqualTo(1);
  }

  @Test
  void eachTryIsToldWithItsFilesOrWithItsErrorAndTheSameErrorOnce() throws Exception {
    try (VectorSchemaRoot rows = spans(List.of("cart"), 20, MIDNIGHT * 1000)) {
      apply(1, Table.TRACES, rows);
    }
    ChunkSet set = set(Table.TRACES);
    beforeFile =
        () -> {
          throw new IllegalStateException("no file today");
        };
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> writer.persist(set)).hasMessage("no file today");
    }
    beforeFile = () -> {};
    writer.persist(set);
    assertThat(commits.total()).isEqualTo(4);
    assertThat(commits.newestFirst()).extracting(seen -> seen.count()).containsExactly(1L, 3L);
    assertThat(commits.newestFirst())
        .extracting(seen -> seen.what().error())
        .containsExactly("", "no file today");
    Commits.Commit done = commits.newestFirst().get(0).what();
    assertThat(done.rows()).isEqualTo(20);
    assertThat(done.files()).isEqualTo(1);
    assertThat(done.bytes()).isEqualTo(Files.size(parquet(Table.TRACES).get(0)));
  }

  @Test
  void servicesOfFourShardsInOneMessageEndInFourFiles() throws Exception {
    List<String> services = IntStream.range(0, 30).mapToObj(i -> "service " + i).toList();
    Set<Integer> shards = new TreeSet<>();
    try (VectorSchemaRoot rows = spans(services, 2, MIDNIGHT * 1000)) {
      byte[] message = WireMessages.of(rows, List.of(new BatchId(9, 9)), MIDNIGHT);
      try (LoadedBatch batch = HotSpans.load(allocator, message)) {
        for (int row = 0; row < 60; row++) {
          shards.add(batch.wire().shard(row, 4));
        }
      }
      apply(4, Table.TRACES, rows);
    }
    assertThat(shards).hasSize(4);
    writer.persist(set(Table.TRACES));
    assertThat(parquet(Table.TRACES)).hasSize(4);
    assertThat(
            query(Table.TRACES, "SELECT count(DISTINCT filename) FROM FILES GROUP BY service_name"))
        .hasSize(30)
        .containsOnly("1");
    assertThat(query(Table.TRACES, "SELECT count(DISTINCT name) FROM FILES")).containsExactly("60");
  }

  @Test
  void rowsOfAFileAreInTheTablesSortOrder() throws Exception {
    for (int message = 5; message > 0; message--) {
      long start = (MIDNIGHT + message * 1_000L) * 1000;
      try (VectorSchemaRoot rows = spans(List.of("shop", "cart", "api"), 700, start)) {
        apply(1, Table.TRACES, rows);
      }
      try (VectorSchemaRoot rows =
          WireSpans.gauges(
              allocator, List.of("shop", "cart"), List.of("memory", "cpu"), 300, start)) {
        apply(1, Table.METRICS_GAUGE, rows);
      }
    }
    writer.persist(set(Table.TRACES));
    writer.persist(set(Table.METRICS_GAUGE));
    List<String> spans =
        query(
            Table.TRACES,
            "SELECT service_name || ' ' || lpad(epoch_us(time)::text, 20, '0') FROM FILES");
    assertThat(spans).hasSize(10_500).isSorted();
    List<String> points =
        query(
            Table.METRICS_GAUGE,
            "SELECT service_name || ' ' || metric_name || ' ' || lpad(epoch_us(time)::text, 20, '0')"
                + " FROM FILES");
    assertThat(points).hasSize(6_000).isSorted();
  }

  @Test
  void rowsThatWereLeftToTheLogMakeTheSameFiles() throws Exception {
    for (int message = 0; message < 6; message++) {
      long start = (MIDNIGHT - 3 + message) * 1000;
      try (VectorSchemaRoot rows = spans(List.of("shop", "cart", "api"), 200, start)) {
        apply(4, Table.TRACES, rows);
      }
    }
    ChunkSet set = set(Table.TRACES);
    writer.persist(set);
    List<String> loaded = rowsOf(LOG);
    assertThat(buffer.spill(0)).isEqualTo(1);
    assertThat(buffer.bytes()).isZero();
    writer(OTHER_LOG).persist(set);
    assertThat(buffer.bytes()).as("freed when the files are written").isZero();
    assertThat(loaded).hasSize(3600);
    assertThat(rowsOf(OTHER_LOG)).isEqualTo(loaded);
  }

  /** In the order of their files, by day and shard, without what differs in their names. */
  private List<String> rowsOf(UUID logId) throws Exception {
    return query(
        Table.TRACES,
        "SELECT COLUMNS(* EXCLUDE (filename))::text, regexp_extract(filename, '-s[0-9]-')"
            + " FROM FILES WHERE contains(filename, '"
            + logId
            + "') ORDER BY regexp_extract(filename, '.{10}-s[0-9]-'), file_row_number");
  }

  @Test
  void filesOfACommitWithUnknownOutcomeAreCommittedByTheNextTry() throws Exception {
    try (VectorSchemaRoot rows = spans(List.of("cart"), 20, MIDNIGHT * 1000)) {
      apply(1, Table.TRACES, rows);
    }
    ChunkSet set = set(Table.TRACES);
    try (Connection other = DriverManager.getConnection(catalog());
        Statement statement = other.createStatement()) {
      beforeFile = () -> lock(statement);
      assertThatThrownBy(() -> writer.persist(set)).isInstanceOf(LakeUnavailableException.class);
      statement.execute("ROLLBACK");
    }
    beforeFile = () -> {};
    List<Path> written = parquet(Table.TRACES);
    assertThat(written).as("kept: it may be in the table").hasSize(1);
    assertThat(buffer.spill(0)).isEqualTo(1);
    log.records().clear(); // nothing is read back for it
    writer.persist(set);
    assertThat(parquet(Table.TRACES)).isEqualTo(written);
    assertThat(files).isEqualTo(1);
    assertThat(lake.table("default", Table.TRACES).marks()).containsEntry(LOG, set.to());
  }

  @Test
  void filesThatCannotBeDiscardedAreDeletedAfterTheNextCommit() throws Exception {
    try (VectorSchemaRoot rows = spans(List.of("cart"), 20, MIDNIGHT * 1000)) {
      apply(1, Table.TRACES, rows);
      TableBuffer table = buffer.table(new TableKey("default", Table.TRACES));
      buffer.seal(table);
      ChunkSet first = table.beginPersist().orElseThrow();
      writer.persist(first);
      List<Path> committed = parquet(Table.TRACES);
      store.deletesNothing = true;
      writer(LOG).persist(first); // as another process would that came later
      assertThat(parquet(Table.TRACES)).hasSize(2).containsAll(committed);
      store.deletesNothing = false;
      table.persisted(first, System.nanoTime());
      apply(1, Table.TRACES, rows);
      writer.persist(set(Table.TRACES));
      assertThat(parquet(Table.TRACES)).hasSize(2).containsAll(committed);
      assertThat(query(Table.TRACES, "SELECT count(*) FROM FILES")).containsExactly("40");
    }
  }

  @Test
  void filesAreDiscardedWhateverWentWrong() throws Exception {
    try (VectorSchemaRoot rows = spans(List.of("cart"), 20, MIDNIGHT * 1000 - 5)) {
      apply(1, Table.TRACES, rows);
    }
    ChunkSet set = set(Table.TRACES);
    beforeFile =
        () -> {
          if (files == 1) {
            throw new NoClassDefFoundError("zstd");
          }
        };
    assertThatThrownBy(() -> writer.persist(set)).isInstanceOf(NoClassDefFoundError.class);
    assertThat(files).as("one of two was written").isEqualTo(1);
    assertThat(parquet(Table.TRACES)).isEmpty();
  }

  private VectorSchemaRoot spans(List<String> services, int rowsEach, long startNanos) {
    return WireSpans.of(allocator, services, 0, rowsEach, startNanos);
  }

  private void apply(int shards, Table table, VectorSchemaRoot rows) {
    position++;
    byte[] message = WireMessages.of(rows, List.of(new BatchId(position, position)), HotSpans.NOW);
    rowsByChunk = new RowsByChunk(shards);
    log.add(record(table, message, null));
    Applier applier =
        new Applier(
            new Window(1_000_000, 1000),
            buffer,
            rowsByChunk,
            new BatchLoader(allocator, EventTime.DEFAULT),
            new Ledger(new Telemetry("test")),
            0);
    applier.apply(record(table, message, new Waiting(HotSpans.load(allocator, table, message))));
  }

  private LogRecord record(Table table, byte[] message, LogRecord.Attachment waiting) {
    LogRecord record =
        new LogRecord(
            WireMessages.head("default", table), ByteBuffer.wrap(message), 0, false, waiting);
    record.place(position, position);
    return record;
  }

  private LogRows rows() {
    return new LogRows(log, rowsByChunk, new BatchLoader(allocator, EventTime.DEFAULT), allocator);
  }

  private ChunkSet set(Table table) {
    TableBuffer rows = buffer.table(new TableKey("default", table));
    buffer.seal(rows);
    ChunkSet set = rows.beginPersist().orElseThrow();
    rows.persistFailed(set); // the test persists it, and the buffer frees it in the end
    return set;
  }

  private static void lock(Statement statement) {
    try {
      statement.execute("BEGIN EXCLUSIVE");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private String catalog() {
    return "jdbc:sqlite:" + directory.resolve("catalog.db");
  }

  private List<Path> parquet(Table table) throws Exception {
    Path data = directory.resolve("lake/default/" + table.tableName() + "/data");
    if (!Files.exists(data)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(path -> path.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private List<String> query(Table table, String sql) throws Exception {
    List<String> names = parquet(table).stream().map(path -> "'" + path + "'").toList();
    List<String> values = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet result =
          statement.executeQuery(
              sql.replace(
                  "FILES",
                  "read_parquet(" + names + ", filename = true, file_row_number = true)"))) {
        while (result.next()) {
          StringBuilder row = new StringBuilder(result.getString(1));
          for (int column = 2; column <= result.getMetaData().getColumnCount(); column++) {
            row.append(' ').append(result.getString(column));
          }
          values.add(row.toString());
        }
      }
    }
    return values;
  }
}
