package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A table whose newest commit is an hour ahead of the clock, as after it was put back. */
@ParameterizedClass
@EnumSource(
    value = CatalogKind.class,
    names = {"SQLITE", "POSTGRESQL"})
class ClockPutBackTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @Parameter CatalogKind kind;
  @TempDir Path directory;
  private Lake lake;
  private LakeTable traces;
  private List<HistoryEntry> before;

  @BeforeEach
  void open() throws Exception {
    lake = Lake.open(kind.config(directory, 3), Clock.systemUTC());
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
    commit(0);
    commit(1);
    TableOperations operations = iceberg().operations();
    operations.commit(operations.current(), later(operations.current()));
    before = history();
    assertThat(before.get(1).timestampMillis())
        .isGreaterThan(System.currentTimeMillis() + HOUR / 2);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void commitsGoOnAndTheHistoryStaysAsItWas() throws Exception {
    assertThatThrownBy(() -> iceberg().newAppend().commit()).as("Iceberg's own").isNotNull();
    for (int i = 2; i < 12; i++) {
      commit(i);
    }
    assertThat(TempLake.traceIds(lake)).hasSize(12).doesNotHaveDuplicates();
    assertThat(traces.marks()).containsEntry(LOG, 12L);
    List<HistoryEntry> after = history();
    assertThat(after).hasSize(12);
    assertThat(after.subList(0, 2)).isEqualTo(before);
    assertThat(after.stream().map(HistoryEntry::timestampMillis)).isSorted();
    for (Snapshot snapshot : iceberg().snapshots()) {
      assertThat(after)
          .anyMatch(
              entry ->
                  entry.snapshotId() == snapshot.snapshotId()
                      && entry.timestampMillis() == snapshot.timestampMillis());
    }
    assertThat(lake.counters().retries()).isZero();
    assertThat(lake.counters().expiryFailures()).isZero();
  }

  @Test
  void manyWritersCommitToItAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (Lake other = Lake.open(kind.config(directory, 3), Clock.systemUTC())) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        UUID log = new UUID(2, i);
        LakeTable table = (i == 0 ? lake : other).table("default", Table.TRACES);
        writers.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 5; n++) {
                    assertThat(
                            table.commit(
                                new LogRange(log, n, n + 1),
                                List.of(TempLake.file(table, log + "-" + n))))
                        .isInstanceOf(CommitOutcome.Committed.class);
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(TempLake.traceIds(lake)).hasSize(2 + 15).doesNotHaveDuplicates();
    assertThat(history().stream().map(HistoryEntry::timestampMillis)).isSorted();
  }

  private void commit(int number) throws Exception {
    assertThat(
            traces.commit(
                new LogRange(LOG, number, number + 1),
                List.of(TempLake.file(traces, "row " + number))))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  private static TableMetadata later(TableMetadata metadata) throws Exception {
    ObjectNode json = (ObjectNode) new JsonMapper().readTree(TableMetadataParser.toJson(metadata));
    put(json, "last-updated-ms");
    for (String list : List.of("snapshots", "snapshot-log", "metadata-log")) {
      for (JsonNode entry : json.get(list)) {
        put((ObjectNode) entry, "timestamp-ms");
      }
    }
    return TableMetadataParser.fromJson(json);
  }

  private static void put(ObjectNode json, String name) {
    json.put(name, json.get(name).asLong() + HOUR);
  }

  private List<HistoryEntry> history() {
    return List.copyOf(iceberg().history());
  }

  private BaseTable iceberg() {
    return (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
  }
}
