package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.lake.CommitOutcome.TableLost;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What others may do to a table after which Sluice must not go on as if nothing had happened. */
@ParameterizedClass
@EnumSource(CatalogKind.class)
class LostTableTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");

  @Parameter CatalogKind kind;
  @TempDir Path directory;
  private Lake lake;
  private LakeTable traces;
  private long firstSnapshot;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(kind.config(directory));
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
    Committed first =
        (Committed) traces.commit(new LogRange(LOG, 0, 1), List.of(TempLake.file(traces, "a")));
    firstSnapshot = first.snapshotId();
    traces.commit(new LogRange(LOG, 1, 2), List.of(TempLake.file(traces, "b")));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void droppedTableIsLost() throws Exception {
    lake.catalog().dropTable(TRACES, false);
    assertLost("dropped");
  }

  @Test
  void tableMadeAnewIsLostToThoseWhoKnewTheOldOne() throws Exception {
    UUID known = traces.uuid().orElseThrow();
    lake.catalog().dropTable(TRACES, false);
    try (Lake other = TempLake.open(kind.config(directory))) {
      other.ensureTables("default");
      assertThat(other.table("default", Table.TRACES).marks()).isEmpty();
    }
    assertLost("uuid");
    try (Lake restarted = TempLake.open(kind.config(directory))) {
      restarted.table("default", Table.TRACES).expect(known);
      assertThatThrownBy(() -> restarted.table("default", Table.TRACES).marks())
          .isInstanceOf(TableLostException.class)
          .hasMessageContaining("uuid");
    }
  }

  @Test
  void droppedTableIsNotMadeAnewByThoseWhoKnewIt() throws Exception {
    UUID known = traces.uuid().orElseThrow();
    lake.catalog().dropTable(TRACES, false);
    lake.ensureTables("default");
    assertLost("dropped");
    try (Lake restarted = TempLake.open(kind.config(directory))) {
      restarted.table("default", Table.TRACES).expect(known);
      restarted.ensureTables("default");
      assertThat(restarted.has("default", Table.TRACES)).isFalse();
      assertThat(restarted.has("default", Table.LOGS)).isTrue();
    }
  }

  @Test
  void rolledBackTableIsLost() throws Exception {
    iceberg().manageSnapshots().rollbackTo(firstSnapshot).commit();
    assertLost("rolled back");
    assertLostAfterRestart();
  }

  /** No ancestor of what it was rolled back to says marks any more. */
  @Test
  void tableRolledBackToASnapshotOfOthersIsLostAlsoWhenOursBeforeItHaveExpired() throws Exception {
    iceberg().newAppend().appendFile(TempLake.file(traces, "foreign")).commit();
    long foreign = iceberg().currentSnapshot().snapshotId();
    MaintainedTable maintained = traces.maintained();
    maintained.expire(maintained.replacedBefore(Instant.now()));
    assertThat(traces.commit(new LogRange(LOG, 2, 3), List.of(TempLake.file(traces, "c"))))
        .isInstanceOf(Committed.class);
    assertThat(traces.commit(new LogRange(LOG, 3, 4), List.of(TempLake.file(traces, "d"))))
        .isInstanceOf(Committed.class);
    long head = iceberg().currentSnapshot().snapshotId();

    iceberg().manageSnapshots().rollbackTo(foreign).commit();
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b", "foreign");
    assertLost("rolled back");
    assertLostAfterRestart();
    iceberg().manageSnapshots().setCurrentSnapshot(head).commit();
    assertThat(traces.marks()).containsEntry(LOG, 4L);
  }

  /** What others put upon it is later than ours, and hides nothing. */
  @Test
  void tableRolledBackStaysLostWhenOthersGoOnFromThere() throws Exception {
    iceberg().newAppend().appendFile(TempLake.file(traces, "foreign")).commit();
    long foreign = iceberg().currentSnapshot().snapshotId();
    MaintainedTable maintained = traces.maintained();
    maintained.expire(maintained.replacedBefore(Instant.now()));
    assertThat(traces.commit(new LogRange(LOG, 2, 3), List.of(TempLake.file(traces, "c"))))
        .isInstanceOf(Committed.class);
    DataFile more = TempLake.file(traces, "more");
    iceberg().manageSnapshots().rollbackTo(foreign).commit();
    iceberg().newAppend().appendFile(more).commit();
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b", "foreign", "more");
    assertLost("rolled back");
    assertLostAfterRestart();
  }

  /** It is before all that is known of what the head came from. */
  @Test
  void snapshotOfOursThatATagKeepsIsNoRollback() throws Exception {
    iceberg()
        .manageSnapshots()
        .createTag("kept", iceberg().currentSnapshot().snapshotId())
        .commit();
    iceberg().newAppend().appendFile(TempLake.file(traces, "foreign")).commit();
    long foreign = iceberg().currentSnapshot().snapshotId();
    iceberg().newAppend().appendFile(TempLake.file(traces, "more")).commit();
    iceberg().expireSnapshots().expireSnapshotId(firstSnapshot).expireSnapshotId(foreign).commit();
    assertThat(iceberg().snapshots()).hasSize(2);
    assertThat(traces.commit(new LogRange(LOG, 2, 3), List.of(TempLake.file(traces, "c"))))
        .isInstanceOf(Committed.class);
  }

  @Test
  void tableWithoutItsMarkIsLost() throws Exception {
    iceberg().updateProperties().remove("sluice.position." + LOG).commit();
    assertLost("stripped");
    assertLostAfterRestart();
  }

  @Test
  void tableOfAnotherFormatIsLost() throws Exception {
    iceberg().updateProperties().set("sluice.format", "2").commit();
    assertLost("sluice.format");
  }

  @Test
  void tableWithoutAColumnOfOursIsLost() throws Exception {
    iceberg().updateSchema().deleteColumn("kind").commit();
    assertLost("column kind");
    iceberg()
        .updateSchema()
        .addColumn("kind", org.apache.iceberg.types.Types.LongType.get())
        .commit();
    assertLost("column kind");
  }

  @Test
  void tableWithAMarkThatIsNoNumberIsLost() throws Exception {
    iceberg().updateProperties().set("sluice.position." + LOG, "many").commit();
    assertLost("not a mark");
  }

  @Test
  void evolvedPartitionSpecIsNotALoss() throws Exception {
    iceberg().updateSpec().addField("service_name").commit();
    assertThat(traces.commit(new LogRange(LOG, 2, 3), List.of(TempLake.file(traces, "c"))))
        .isInstanceOf(Committed.class);
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b", "c");
  }

  private void assertLost(String reason) throws Exception {
    CommitOutcome outcome = traces.commit(new LogRange(LOG, 2, 3), List.of());
    assertThat(outcome).isInstanceOf(TableLost.class);
    assertThat(((TableLost) outcome).reason()).contains(reason);
    assertThatThrownBy(traces::marks).isInstanceOf(TableLostException.class);
    assertThatThrownBy(traces::snapshot).isInstanceOf(TableLostException.class);
  }

  private void assertLostAfterRestart() throws Exception {
    try (Lake restarted = TempLake.open(kind.config(directory))) {
      LakeTable again = restarted.table("default", Table.TRACES);
      assertThatThrownBy(again::marks).isInstanceOf(TableLostException.class);
    }
  }

  private BaseTable iceberg() {
    return (BaseTable) lake.catalog().loadTable(TRACES);
  }
}
