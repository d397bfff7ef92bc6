package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.CommitOutcome.AlreadyCommitted;
import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.lake.CommitOutcome.MarkMismatch;
import io.sluice.lake.CommitOutcome.TableLost;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(CatalogKind.class)
class LakeTableTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final UUID OTHER_LOG = new UUID(2, 2);

  @Parameter CatalogKind kind;
  @TempDir Path directory;
  private Lake lake;
  private LakeTable traces;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(kind.config(directory));
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void commitAddsFilesAndMovesTheMarkAtOnce() throws Exception {
    assertThat(traces.marks()).isEmpty();
    CommitOutcome outcome =
        traces.commit(new LogRange(LOG, 0, 10), List.of(TempLake.file(traces, "a", "b")));
    TableSnapshot snapshot = traces.snapshot();
    assertThat(outcome).isEqualTo(new Committed(snapshot.snapshotId().getAsLong()));
    assertThat(snapshot.marks()).containsExactly(Map.entry(LOG, 10L));
    assertThat(snapshot.files()).hasSize(1);
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b");
  }

  @Test
  void tableIsOfVersionTwoPartitionedAndSorted() throws Exception {
    traces.commit(new LogRange(LOG, 0, 10), List.of(TempLake.file(traces, "a")));
    BaseTable iceberg = iceberg();
    assertThat(iceberg.operations().current().formatVersion()).isEqualTo(2);
    assertThat(iceberg.location()).startsWith("file:///");
    DataFile file = traces.snapshot().files().get(0).file();
    assertThat(file.sortOrderId()).isEqualTo(iceberg.sortOrder().orderId()).isNotZero();
    assertThat(file.location()).contains("/time_day=2026-11-22/").startsWith("file:///");
  }

  @Test
  void repeatedRangeIsRefusedWithTheMark() throws Exception {
    traces.commit(new LogRange(LOG, 0, 10), List.of(TempLake.file(traces, "a")));
    List<DataFile> again = List.of(TempLake.file(traces, "a"));
    assertThat(traces.commit(new LogRange(LOG, 0, 10), again)).isEqualTo(new AlreadyCommitted(10));
    assertThat(traces.commit(new LogRange(LOG, 0, 9), again)).isEqualTo(new AlreadyCommitted(10));
    assertThat(traces.commit(new LogRange(LOG, 0, 12), again)).isEqualTo(new MarkMismatch(0, 10));
    assertThat(traces.commit(new LogRange(LOG, 11, 12), again)).isEqualTo(new MarkMismatch(11, 10));
    assertThat(TempLake.traceIds(lake)).containsExactly("a");
    assertThat(traces.discard(again)).isEqualTo(1);
    assertThat(TempLake.traceIds(lake)).containsExactly("a");
  }

  @Test
  void commitOfNoFilesStillMovesTheMarkWithASnapshot() throws Exception {
    Committed committed = (Committed) traces.commit(new LogRange(LOG, 0, 3), List.of());
    assertThat(traces.snapshot().snapshotId()).hasValue(committed.snapshotId());
    assertThat(traces.marks()).containsExactly(Map.entry(LOG, 3L));
  }

  @Test
  void marksOfTwoLogsAreBothKeptAndInEverySummary() throws Exception {
    traces.commit(new LogRange(LOG, 0, 3), List.of());
    traces.commit(new LogRange(OTHER_LOG, 0, 7), List.of());
    traces.commit(new LogRange(LOG, 3, 5), List.of());
    assertThat(traces.marks()).containsOnly(Map.entry(LOG, 5L), Map.entry(OTHER_LOG, 7L));
    Map<String, String> summary = iceberg().currentSnapshot().summary();
    assertThat(Marks.parse(summary.get("sluice.positions"))).isEqualTo(traces.marks());
    assertThat(summary)
        .containsEntry("sluice.log", LOG.toString())
        .containsEntry("sluice.from", "3")
        .containsEntry("sluice.to", "5")
        .containsKey("sluice.token");
  }

  @Test
  void snapshotPlansOnlyFilesOfTheTimeAskedFor() throws Exception {
    traces.commit(new LogRange(LOG, 0, 3), List.of(TempLake.file(traces, "a")));
    Instant noon = Instant.parse("2026-11-22T12:00:00Z");
    TableSnapshot snapshot = traces.snapshot();
    assertThat(snapshot.files(noon, noon.plusSeconds(1))).hasSize(1);
    assertThat(snapshot.files(noon.plusSeconds(1), null)).isEmpty();
    assertThat(snapshot.files(null, noon)).isEmpty();
    assertThat(snapshot.files(null, null)).hasSize(1);
  }

  @Test
  void snapshotStaysAsItWasWhileCommitsGoOn() throws Exception {
    traces.commit(new LogRange(LOG, 0, 3), List.of(TempLake.file(traces, "a")));
    TableSnapshot before = traces.snapshot();
    traces.commit(new LogRange(LOG, 3, 5), List.of(TempLake.file(traces, "b")));
    assertThat(before.files()).hasSize(1);
    assertThat(before.mark(LOG)).isEqualTo(3);
  }

  @Test
  void tableThatIsNotThereReadsAsEmptyAndIsNotWritten() throws Exception {
    LakeTable missing = lake.table("nobody", Table.LOGS);
    assertThat(missing.marks()).isEmpty();
    assertThat(missing.snapshot().files()).isEmpty();
    assertThat(missing.snapshot().snapshotId()).isEmpty();
    assertThat(missing.snapshot().schema().findField("body")).isNotNull();
    assertThat(missing.commit(new LogRange(LOG, 0, 1), List.of())).isInstanceOf(TableLost.class);
  }

  @Test
  void foreignAppendAndDeleteBetweenCommitsAreNormal() throws Exception {
    traces.commit(new LogRange(LOG, 0, 3), List.of(TempLake.file(traces, "a")));
    DataFile foreign = TempLake.file(traces, "foreign");
    iceberg().newAppend().appendFile(foreign).commit();
    traces.commit(new LogRange(LOG, 3, 5), List.of(TempLake.file(traces, "b")));
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b", "foreign");
    iceberg().newDelete().deleteFile(foreign).commit();
    iceberg()
        .updateSchema()
        .addColumn("theirs", org.apache.iceberg.types.Types.LongType.get())
        .commit();
    assertThat(traces.commit(new LogRange(LOG, 5, 6), List.of(TempLake.file(traces, "c"))))
        .isInstanceOf(Committed.class);
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b", "c");
    assertThat(traces.snapshot().files().stream().map(FileScanTask::file)).hasSize(3);
    assertThat(traces.marks()).containsExactly(Map.entry(LOG, 6L));
  }

  @Test
  void ensureTablesIsIdempotentAndFindsTenants() throws Exception {
    UUID uuid = uuidOf(traces);
    lake.ensureTables("default");
    lake.ensureTables("acme");
    assertThat(uuidOf(traces)).isEqualTo(uuid);
    assertThat(lake.tenants()).containsExactly("acme", "default");
  }

  private static UUID uuidOf(LakeTable table) throws Exception {
    table.marks();
    return table.uuid().orElseThrow();
  }

  private BaseTable iceberg() {
    return (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
  }
}
