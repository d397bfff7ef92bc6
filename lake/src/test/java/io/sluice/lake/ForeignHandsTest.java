package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.lake.CommitOutcome.TableLost;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What other engines do between two commits of ours, on every kind of catalog: either commits go on
 * and every row is there once, or the table is lost in a sentence and nothing is committed to it.
 */
@ParameterizedClass
@EnumSource(CatalogKind.class)
class ForeignHandsTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");

  @Parameter CatalogKind kind;
  @TempDir Path directory;
  private final List<String> rows = new ArrayList<>();
  private Lake lake;
  private Lake theirs;
  private LakeTable traces;
  private long mark;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(kind.config(directory));
    theirs = TempLake.open(kind.config(directory));
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
    commitNext();
    commitNext();
    commitNext();
  }

  @AfterEach
  void close() {
    theirs.close();
    lake.close();
  }

  @Test
  void compactionIsNormal() throws Exception {
    Snapshot read = iceberg().currentSnapshot();
    List<DataFile> small = List.of(file(rows.get(0)), file(rows.get(1)));
    DataFile large = TempLake.file(traces, rows.get(0), rows.get(1));
    // Ours comes in between what a compaction reads and what it commits.
    var rewrite = iceberg().newRewrite().validateFromSnapshot(read.snapshotId()).addFile(large);
    small.forEach(rewrite::deleteFile);
    commitNext();
    rewrite.commit();
    commitNext();
    iceberg().rewriteManifests().clusterBy(file -> "all").commit();
    commitNext();
    assertWhole();
  }

  @Test
  void deletedRowsStayDeleted() throws Exception {
    DataFile first = file(rows.get(0));
    iceberg().newRowDelta().addDeletes(positionDelete(first)).commit();
    rows.remove(0);
    commitNext();
    iceberg().newRowDelta().addDeletes(equalityDelete(rows.get(0))).commit();
    rows.remove(0);
    commitNext();
    iceberg().newDelete().deleteFile(file(rows.get(0))).commit();
    rows.remove(0);
    commitNext();
    assertWhole();
  }

  @Test
  void columnsOfTheirsComeGoAndAreRenamed() throws Exception {
    iceberg().updateSchema().addColumn("zone", Types.StringType.get()).commit();
    commitNext();
    iceberg().updateSchema().renameColumn("zone", "region").commit();
    iceberg().updateSchema().moveFirst("region").commit();
    commitNext();
    iceberg().updateSchema().deleteColumn("region").commit();
    commitNext();
    iceberg().updateSchema().addColumn("events.element", "theirs", Types.LongType.get()).commit();
    commitNext();
    assertWhole();
  }

  @Test
  void branchesTagsPropertiesSortOrderAndExpiryAreTheirs() throws Exception {
    long head = iceberg().currentSnapshot().snapshotId();
    iceberg().manageSnapshots().createBranch("audit", head).createTag("monday", head).commit();
    commitNext();
    iceberg().newAppend().appendFile(TempLake.file(traces, "elsewhere")).toBranch("audit").commit();
    commitNext();
    iceberg().updateProperties().set("write.metadata.compression-codec", "gzip").commit();
    iceberg().replaceSortOrder().asc("time").commit();
    commitNext();
    iceberg().expireSnapshots().retainLast(1).expireOlderThan(Long.MAX_VALUE).commit();
    commitNext();
    assertWhole();
    assertThat(iceberg().refs().keySet()).contains("audit", "monday");
  }

  @Test
  void newerFormatVersionIsCommittedTo() throws Exception {
    BaseTable table = iceberg();
    table
        .operations()
        .commit(
            table.operations().current(), table.operations().current().upgradeToFormatVersion(3));
    commitNext();
    commitNext();
    assertWhole();
  }

  @Test
  void columnOfOursThatWasRenamedLosesTheTableUntilItIsBack() throws Exception {
    iceberg().updateSchema().renameColumn("name", "span_name").commit();
    assertLost("column name was dropped or renamed");
    iceberg().updateSchema().renameColumn("span_name", "name").commit();
    commitNext();
    assertWhole();
  }

  @Test
  void rollbackLosesTheTableUntilItIsTakenBack() throws Exception {
    BaseTable table = iceberg();
    long head = table.currentSnapshot().snapshotId();
    long older = table.currentSnapshot().parentId();
    table.manageSnapshots().rollbackTo(older).commit();
    assertLost("rolled back");
    table.manageSnapshots().setCurrentSnapshot(head).commit();
    commitNext();
    assertWhole();
  }

  /** Its rows would be gone for good, as the commit's snapshot says that they are there. */
  @Test
  void rollbackJustBeforeACommitLosesTheTableAsWell() throws Exception {
    long head = iceberg().currentSnapshot().snapshotId();
    meanwhile(
        () -> {
          BaseTable table = iceberg();
          table.manageSnapshots().rollbackTo(table.currentSnapshot().parentId()).commit();
        });
    assertLost("rolled back");
    iceberg().manageSnapshots().setCurrentSnapshot(head).commit();
    commitNext();
    assertWhole();
  }

  @Test
  void tableThatIsReplacedJustBeforeACommitIsLostAsWell() throws Exception {
    meanwhile(
        () ->
            theirs
                .catalog()
                .buildTable(TRACES, iceberg().schema())
                .replaceTransaction()
                .commitTransaction());
    assertLost("no snapshot has the rows of its marks");
  }

  /** A commit of ours, and what others do after it has loaded the table. */
  private void meanwhile(Runnable others) throws Exception {
    try (Lake ours =
        Lake.open(
            kind.config(directory),
            Clock.systemUTC(),
            new MeanwhileFileIO(name -> name.startsWith("snap-"), others),
            UnrepeatingConnections::new,
            d -> {})) {
      LakeTable table = ours.table("default", Table.TRACES);
      DataFile file = TempLake.file(traces, "never");
      assertThat(table.commit(new LogRange(LOG, mark, mark + 1), List.of(file)))
          .isInstanceOf(TableLost.class);
    }
  }

  /** As CREATE OR REPLACE TABLE does: the uuid stays, and so do the properties. */
  @Test
  void replacedTableIsLost() throws Exception {
    Schema schema = iceberg().schema();
    String uuid = iceberg().uuid().toString();
    Transaction replacing = theirs.catalog().buildTable(TRACES, schema).replaceTransaction();
    replacing.commitTransaction();
    assertThat(iceberg().uuid()).hasToString(uuid);
    assertLost("no snapshot has the rows of its marks");
  }

  /** As CREATE OR REPLACE TABLE ... AS SELECT does. */
  @Test
  void tableReplacedBySelectedRowsIsLost() throws Exception {
    Schema schema = iceberg().schema();
    DataFile selected = TempLake.file(traces, "selected");
    Transaction replacing = theirs.catalog().buildTable(TRACES, schema).replaceTransaction();
    replacing
        .newFastAppend()
        .appendFile(
            org.apache.iceberg.DataFiles.builder(replacing.table().spec())
                .copy(selected)
                .withPartition(null)
                .build())
        .commit();
    replacing.commitTransaction();
    assertLost("no snapshot has the rows of its marks");
  }

  private void assertLost(String reason) throws Exception {
    long before = iceberg().operations().current().lastUpdatedMillis();
    CommitOutcome outcome = traces.commit(new LogRange(LOG, mark, mark + 1), List.of());
    assertThat(outcome).isInstanceOf(TableLost.class);
    assertThat(((TableLost) outcome).reason()).contains(reason);
    assertThatThrownBy(traces::snapshot).isInstanceOf(TableLostException.class);
    assertThat(iceberg().operations().current().lastUpdatedMillis()).isEqualTo(before);
  }

  private void commitNext() throws Exception {
    String row = "%05d".formatted(mark);
    assertThat(
            traces.commit(new LogRange(LOG, mark, mark + 1), List.of(TempLake.file(traces, row))))
        .isInstanceOf(Committed.class);
    rows.add(row);
    mark++;
  }

  private void assertWhole() throws Exception {
    assertThat(TempLake.traceIds(lake)).isEqualTo(rows);
    assertThat(traces.marks()).containsEntry(LOG, mark);
  }

  private BaseTable iceberg() {
    return (BaseTable) theirs.catalog().loadTable(TRACES);
  }

  private List<DataFile> files() throws Exception {
    try (CloseableIterable<FileScanTask> tasks =
        iceberg().newScan().includeColumnStats().planFiles()) {
      List<DataFile> files = new ArrayList<>();
      tasks.forEach(task -> files.add(task.file().copy()));
      return files;
    }
  }

  private String rowOf(DataFile file) {
    int id = iceberg().schema().findField("trace_id").fieldId();
    return org.apache.iceberg.types.Conversions.fromByteBuffer(
            Types.StringType.get(), file.lowerBounds().get(id))
        .toString();
  }

  private DataFile file(String row) throws Exception {
    return files().stream().filter(file -> rowOf(file).equals(row)).findFirst().orElseThrow();
  }

  private DeleteFile positionDelete(DataFile file) throws Exception {
    BaseTable table = iceberg();
    PositionDeleteWriter<Void> writer =
        Parquet.writeDeletes(deleteFile(table))
            .withSpec(table.spec())
            .withPartition(file.partition())
            .rowSchema(null)
            .buildPositionWriter();
    try (writer) {
      writer.write(PositionDelete.<Void>create().set(file.location(), 0));
    }
    return writer.toDeleteFile();
  }

  private DeleteFile equalityDelete(String row) throws Exception {
    BaseTable table = iceberg();
    Schema keys = table.schema().select(Set.of("trace_id"));
    EqualityDeleteWriter<Record> writer =
        Parquet.writeDeletes(deleteFile(table))
            .withSpec(table.spec())
            .withPartition(file(row).partition())
            .rowSchema(keys)
            .equalityFieldIds(keys.findField("trace_id").fieldId())
            .createWriterFunc(type -> GenericParquetWriter.create(keys, type))
            .buildEqualityWriter();
    Record key = GenericRecord.create(keys);
    key.setField("trace_id", row);
    try (writer) {
      writer.write(key);
    }
    return writer.toDeleteFile();
  }

  private static OutputFile deleteFile(BaseTable table) {
    return table
        .io()
        .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + "-deletes.parquet");
  }
}
