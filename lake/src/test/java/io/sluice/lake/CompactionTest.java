package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.TableReport;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {

  private static final Predicate<String> COMPACTED = name -> name.startsWith("compacted-");
  private static final UUID LOG = new UUID(1, 1);
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
  private static final LocalDate OVER = TODAY.minusDays(3);

  @TempDir Path directory;
  private final Random random = new Random(5);
  private Lake lake;
  private LakeTable traces;
  private long mark;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(TempLake.config(directory));
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void allColumnsOfAllRowsAreTheSameInOneSortedFile() throws Exception {
    for (Table table :
        List.of(Table.LOGS, Table.METRICS_EXPONENTIAL_HISTOGRAM, Table.PROFILES, Table.TRACES)) {
      LakeTable lakeTable = lake.table("default", table);
      for (int i = 0; i < 7; i++) {
        commit(lakeTable, RandomRows.file(lakeTable.target(), OVER, random, 40));
      }
      List<String> rows = rows(table);
      Map<UUID, Long> marks = lakeTable.marks();

      TableReport said = run(lake, table, false);
      assertThat(said.compacted().files()).isEqualTo(7);
      assertThat(files(table)).hasSize(7);
      TableReport done = run(lake, table, true);
      assertThat(done.failures()).isEmpty();
      assertThat(done.compacted()).isEqualTo(said.compacted());
      assertThat(done.written().files()).isEqualTo(1);

      assertThat(rows(table)).isEqualTo(rows).hasSize(280);
      assertThat(lakeTable.marks()).isEqualTo(marks);
      DataFile file = files(table).get(0).file();
      assertThat(file.recordCount()).isEqualTo(280);
      assertThat(file.sortOrderId()).isEqualTo(lakeTable.target().sortOrder().orderId());
      assertThat(sortKeys(table)).isSorted();
      assertThat(run(lake, table, true).compacted().files()).isZero();
    }
  }

  @Test
  void columnsThatOthersHaveAddedAreKept() throws Exception {
    commit(traces, RandomRows.file(traces.target(), OVER, random, 10));
    iceberg().updateSchema().addColumn("extra", Types.StringType.get()).commit();
    FileTarget ours = traces.target();
    FileTarget whole =
        new FileTarget(
            ours.table(),
            iceberg().schema(),
            ours.promotions(),
            ours.spec(),
            ours.sortOrder(),
            ours.metrics(),
            ours.locations(),
            ours.io());
    for (int i = 0; i < 4; i++) {
      iceberg().newAppend().appendFile(RandomRows.file(whole, OVER, random, 10)).commit();
    }
    List<String> rows = rows(Table.TRACES);
    assertThat(rows).hasSize(50).anyMatch(row -> row.contains("extra=s"));
    assertThat(run(lake, Table.TRACES, true).written().files()).isEqualTo(1);
    assertThat(rows(Table.TRACES)).isEqualTo(rows);
    commit(traces, file("after"));
  }

  @Test
  void daysThatAreNotOverAndFewFilesAreLeftAlone() throws Exception {
    for (int i = 0; i < 5; i++) {
      commit(traces, TempLake.on(TODAY, traces, UUID.randomUUID() + ".parquet", "today" + i));
    }
    for (int i = 0; i < 3; i++) {
      commit(traces, TempLake.on(OVER, traces, UUID.randomUUID() + ".parquet", "few" + i));
    }
    assertThat(run(lake, Table.TRACES, true).compacted().files()).isZero();
    assertThat(files(Table.TRACES)).hasSize(8);
  }

  /** Iceberg's projection to days before 1970 takes one day more. */
  @Test
  void daysBefore1970AreNotMixedEvenWithoutBounds() throws Exception {
    LocalDate before = LocalDate.of(1969, 12, 30);
    for (LocalDate day : List.of(before, before.plusDays(1))) {
      for (int i = 0; i < 4; i++) {
        DataFile file = TempLake.on(day, traces, UUID.randomUUID() + ".parquet", day + "-" + i);
        DataFile bare =
            DataFiles.builder(traces.target().spec())
                .copy(file)
                .withMetrics(new Metrics(file.recordCount(), null, null, null, null))
                .build();
        iceberg().newAppend().appendFile(bare).commit();
      }
    }
    assertThat(run(lake, Table.TRACES, true).failures()).isEmpty();
    assertThat(files(Table.TRACES)).hasSize(2);
    for (FileScanTask task : files(Table.TRACES)) {
      assertThat(task.file().recordCount()).isEqualTo(4);
    }
    assertThat(TempLake.traceIds(lake)).hasSize(8);
  }

  @Test
  void rowsThatDeleteFilesTakeOutDoNotComeBack() throws Exception {
    List<DataFile> files = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      files.add(commit(traces, file("a" + i, "b" + i, "c" + i)));
    }
    iceberg().newRowDelta().addDeletes(positionDelete(files.get(1), 1)).commit();
    iceberg().newRowDelta().addDeletes(equalityDelete("c3")).commit();
    commit(traces, file("c3", "d"));
    List<String> ids = new ArrayList<>(TempLake.traceIds(lake));
    assertThat(ids).hasSize(15).contains("c3").doesNotContain("b1");

    assertThat(run(lake, Table.TRACES, true).failures()).isEmpty();
    assertThat(files(Table.TRACES)).hasSize(1);
    assertThat(TempLake.traceIds(lake)).isEqualTo(ids);
    iceberg().newRowDelta().addDeletes(equalityDelete("a0")).commit();
    assertThat(TempLake.traceIds(lake)).hasSize(14).doesNotContain("a0");
  }

  @Test
  void filesOfWhichAllRowsAreDeletedAreReplacedByNothing() throws Exception {
    for (int i = 0; i < 4; i++) {
      DataFile file = commit(traces, file("gone" + i));
      iceberg().newRowDelta().addDeletes(positionDelete(file, 0)).commit();
    }
    TableReport report = run(lake, Table.TRACES, true);
    assertThat(report.failures()).isEmpty();
    assertThat(report.after().files()).isZero();
    assertThat(TempLake.traceIds(lake)).isEmpty();
  }

  @Test
  void whatOthersCommitMeanwhileIsThereOnceAndWhatTheyDeleteStaysDeleted() throws Exception {
    List<DataFile> files = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      files.add(commit(traces, file("a" + i, "b" + i)));
    }
    try (Lake other = meanwhile(COMPACTED, () -> commit(traces, file("late")))) {
      TableReport report = run(other, Table.TRACES, true);
      assertThat(report.failures()).isEmpty();
      assertThat(report.written().files()).isEqualTo(1);
    }
    assertThat(files(Table.TRACES)).hasSize(2);
    assertThat(TempLake.traceIds(lake)).hasSize(11).doesNotHaveDuplicates().contains("late");

    for (int i = 5; i < 9; i++) {
      files.add(commit(traces, file("a" + i, "b" + i)));
    }
    try (Lake other =
        meanwhile(
            COMPACTED,
            () ->
                iceberg()
                    .newRowDelta()
                    .addDeletes(equalityDelete("late"))
                    .addDeletes(equalityDelete("a6"))
                    .commit())) {
      assertThat(run(other, Table.TRACES, true).written().files()).isEqualTo(1);
    }
    assertThat(TempLake.traceIds(lake)).hasSize(17).doesNotContain("late", "a6");
  }

  @Test
  void commitOfALogBetweenTheCompactionsManifestAndItsCommitIsThereOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      commit(traces, file("a" + i));
    }
    Predicate<String> list = name -> name.startsWith("snap-");
    try (Lake other = meanwhile(list, () -> commit(traces, file("late")))) {
      TableReport report = run(other, Table.TRACES, true);
      assertThat(report.failures()).isEmpty();
      assertThat(report.written().files()).isEqualTo(1);
    }
    assertThat(TempLake.traceIds(lake)).containsExactly("a0", "a1", "a2", "a3", "a4", "late");
    assertThat(files(Table.TRACES)).hasSize(2);
    commit(traces, file("after"));
    assertThat(TempLake.traceIds(lake)).hasSize(7);
  }

  @Test
  void positionDeleteMeanwhileIsAConflictThatLeavesTheFilesAsTheyAre() throws Exception {
    List<DataFile> files = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      files.add(commit(traces, file("a" + i, "b" + i)));
    }
    try (Lake other =
        meanwhile(
            COMPACTED,
            () -> iceberg().newRowDelta().addDeletes(positionDelete(files.get(2), 0)).commit())) {
      TableReport report = run(other, Table.TRACES, true);
      assertThat(report.failures()).isEmpty();
      assertThat(report.written().files()).isZero();
      assertThat(report.remarks()).singleElement().asString().contains("others changed the files");
    }
    assertThat(TempLake.traceIds(lake)).hasSize(9).doesNotContain("a2");
    assertThat(run(lake, Table.TRACES, true).written().files()).isEqualTo(1);
    assertThat(TempLake.traceIds(lake)).hasSize(9).doesNotContain("a2");
    assertThat(compactedOnDisk()).as("that of the conflict was deleted").isEqualTo(1);
  }

  @Test
  void fileThatCannotBeReadIsSaidAndTheOthersAreCompacted() throws Exception {
    DataFile damaged = commit(traces, file("x", "y"));
    for (int i = 0; i < 5; i++) {
      commit(traces, file("a" + i));
    }
    Path path = LocalPath.of(damaged.location());
    byte[] bytes = Files.readAllBytes(path);
    java.util.Arrays.fill(bytes, 4, bytes.length / 2, (byte) 0x55);
    Files.write(path, bytes);
    TableReport report = run(lake, Table.TRACES, true);
    assertThat(report.failures()).singleElement().asString().contains(damaged.location());
    assertThat(report.compacted().files()).isEqualTo(5);
    assertThat(files(Table.TRACES)).hasSize(2);
    assertThat(path).exists();
  }

  @Test
  void killedAtAnyStepItLeavesTheOldFilesOrTheNewOneAndTheRestGoesWithTheNextRun()
      throws Exception {
    for (int i = 0; i < 5; i++) {
      commit(traces, file("a" + i, "b" + i));
    }
    List<String> ids = new ArrayList<>(TempLake.traceIds(lake));
    Faults faults = new Faults();
    int step = 0;
    boolean ended = false;
    while (!ended) {
      step++;
      try (Lake faulty = faulty(faults)) {
        faults.arm(step, true);
        run(faulty, Table.TRACES, true);
        ended = faults.steps() < step;
        faults.disarm();
      }
      assertThat(TempLake.traceIds(lake)).as("step %d", step).isEqualTo(ids);
      assertThat(traces.marks()).containsEntry(LOG, mark);
      if (files(Table.TRACES).size() == 1) {
        for (int i = 0; i < 4; i++) {
          String id = "s" + step + "-" + i;
          commit(traces, file(id));
          ids.add(id);
        }
        ids.sort(null);
      }
    }
    assertThat(step).isBetween(10, 60);
    assertThat(run(lake, Table.TRACES, true).failures()).isEmpty();
    assertThat(files(Table.TRACES)).hasSize(1);
    assertThat(TempLake.traceIds(lake)).isEqualTo(ids);
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(2));
    TableReport swept =
        new Maintenance(
                lake,
                Maintain.settings("", Duration.ZERO),
                later,
                UUID::randomUUID,
                Pace.FULL,
                new MaintenanceCounters())
            .run("default", Table.TRACES, Set.of(MaintenanceTask.ORPHANS), true);
    assertThat(swept.orphans().files()).isPositive();
    assertThat(TempLake.traceIds(lake)).isEqualTo(ids);
  }

  /**
   * A catalog whose client repeats a statement says "failed" of an update that took place. Iceberg
   * tries it again then, and would make its snapshot the head once more, over what was committed
   * since.
   */
  @Test
  void updateReportedAsFailedThoughItTookPlaceTakesNoCommitBack() throws Exception {
    Faults faults = new Faults();
    List<String> ids = new ArrayList<>();
    int step = 0;
    do {
      step++;
      for (int i = 0; i < 4; i++) {
        ids.add("%03d-%d".formatted(step, i));
        commit(traces, file(ids.get(ids.size() - 1)));
      }
      String late = "%03d-late".formatted(step);
      try (Lake repeating =
          Lake.open(
              TempLake.config(directory),
              Clock.systemUTC(),
              new ForcingFileIO(),
              (uri, properties) -> new RepeatingConnections(uri, properties, faults),
              d -> {})) {
        faults.arm(
            step,
            () -> {
              ids.add(late);
              commitUnchecked(late);
            });
        run(repeating, Table.TRACES, true);
        faults.disarm();
      }
      assertThat(TempLake.traceIds(lake)).as("step %d", step).isEqualTo(ids);
      assertThat(traces.marks()).containsEntry(LOG, mark);
    } while (faults.steps() >= step);
    assertThat(step).isGreaterThan(10);
  }

  private void commitUnchecked(String id) {
    try {
      commit(traces, file(id));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void manySmallManifestsAreMerged() throws Exception {
    commit(traces, TempLake.on(TODAY, traces, UUID.randomUUID() + ".parquet", "a"));
    DataFile real = files(Table.TRACES).get(0).file();
    Transaction appends = iceberg().newTransaction();
    for (int i = 0; i < 100; i++) {
      DataFile other = DataFiles.builder(iceberg().spec()).copy(real).withPath("x" + i).build();
      appends.newFastAppend().appendFile(other).commit();
    }
    appends.commitTransaction();
    long files = files(Table.TRACES).size();
    assertThat(run(lake, Table.TRACES, false).remarks())
        .containsExactly("101 small manifests: to be merged");
    assertThat(run(lake, Table.TRACES, true).remarks()).contains("101 small manifests: merged");
    assertThat(iceberg().currentSnapshot().dataManifests(lake.io())).hasSize(1);
    assertThat(files(Table.TRACES)).hasSize((int) files);
    commit(traces, file("b"));
  }

  @Test
  void tableAheadOfTheClockIsCompactedAndCommittedTo() throws Exception {
    for (int i = 0; i < 5; i++) {
      commit(traces, file("a" + i));
    }
    Clock back = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
    try (Lake behind = Lake.open(TempLake.config(directory), back)) {
      assertThat(run(behind, Table.TRACES, true).failures()).isEmpty();
    }
    assertThat(files(Table.TRACES)).hasSize(1);
    commit(traces, file("b"));
    assertThat(TempLake.traceIds(lake)).hasSize(6);
  }

  private static TableReport run(Lake lake, Table table, boolean apply) {
    return new Maintenance(
            lake,
            Maintain.settings("", Duration.ofDays(3)),
            Clock.systemUTC(),
            UUID::randomUUID,
            Pace.FULL,
            new MaintenanceCounters())
        .run("default", table, Set.of(MaintenanceTask.COMPACTION), apply);
  }

  private Lake faulty(Faults faults) throws IOException {
    return Lake.open(
        TempLake.config(directory),
        Clock.systemUTC(),
        new FaultyFileIO(faults),
        (uri, properties) -> new FaultyConnections(uri, properties, faults),
        d -> {});
  }

  @FunctionalInterface
  private interface Action {
    void run() throws Exception;
  }

  /** A lake with which others do something just before a file of that name is written. */
  private Lake meanwhile(Predicate<String> name, Action action) throws IOException {
    return Lake.open(
        TempLake.config(directory),
        Clock.systemUTC(),
        new MeanwhileFileIO(
            name,
            () -> {
              try {
                action.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }),
        UnrepeatingConnections::new,
        d -> {});
  }

  private DataFile file(String... ids) throws Exception {
    return TempLake.on(OVER, traces, UUID.randomUUID() + ".parquet", ids);
  }

  private DataFile commit(LakeTable table, DataFile file) throws Exception {
    UUID log = table == traces ? LOG : new UUID(9, table.table().ordinal());
    long from = table.marks().getOrDefault(log, 0L);
    assertThat(table.commit(new LogRange(log, from, from + 1), List.of(file)))
        .isInstanceOf(CommitOutcome.Committed.class);
    mark = table == traces ? from + 1 : mark;
    return file;
  }

  private DeleteFile positionDelete(DataFile file, long position) throws IOException {
    BaseTable table = iceberg();
    PositionDeleteWriter<Record> writer =
        Parquet.writeDeletes(table.io().newOutputFile(place("pos")))
            .withSpec(table.spec())
            .withPartition(file.partition())
            .buildPositionWriter();
    try (writer) {
      writer.write(PositionDelete.<Record>create().set(file.location(), position));
    }
    return writer.toDeleteFile();
  }

  private DeleteFile equalityDelete(String traceId) throws Exception {
    BaseTable table = iceberg();
    Schema columns = table.schema().select("trace_id");
    EqualityDeleteWriter<Record> writer =
        Parquet.writeDeletes(table.io().newOutputFile(place("eq")))
            .forTable(table)
            .rowSchema(columns)
            .withSpec(table.spec())
            .withPartition(traces.target().partition(OVER))
            .createWriterFunc(GenericParquetWriter::create)
            .equalityFieldIds(columns.columns().get(0).fieldId())
            .buildEqualityWriter();
    Record row = GenericRecord.create(columns);
    row.setField("trace_id", traceId);
    try (writer) {
      writer.write(row);
    }
    return writer.toDeleteFile();
  }

  private String place(String kind) {
    return iceberg().location() + "/data/" + kind + "-" + UUID.randomUUID() + ".parquet";
  }

  private long compactedOnDisk() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(file -> file.getFileName().toString().startsWith("compacted-")).count();
    }
  }

  private List<FileScanTask> files(Table table) throws IOException {
    List<FileScanTask> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = iceberg(table).newScan().planFiles()) {
      tasks.forEach(files::add);
    }
    return files;
  }

  /** Each row as text, whatever its file; binary and NaN by their bits. */
  private List<String> rows(Table table) throws IOException {
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<Record> read = IcebergGenerics.read(iceberg(table)).build()) {
      read.forEach(row -> rows.add(text(row)));
    }
    return rows.stream().sorted().toList();
  }

  private static String text(Object value) {
    if (value instanceof Record row) {
      StringBuilder text = new StringBuilder("{");
      for (int i = 0; i < row.size(); i++) {
        text.append(row.struct().fields().get(i).name()).append('=').append(text(row.get(i)));
      }
      return text.append('}').toString();
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return java.util.HexFormat.of().formatHex(copy);
    }
    if (value instanceof Double number) {
      return Long.toHexString(Double.doubleToRawLongBits(number));
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, String> sorted = new java.util.TreeMap<>();
      map.forEach((key, of) -> sorted.put(text(key), text(of)));
      return sorted.toString();
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(CompactionTest::text).toList().toString();
    }
    return String.valueOf(value);
  }

  private List<String> sortKeys(Table table) throws IOException {
    List<String> keys = new ArrayList<>();
    try (CloseableIterable<Record> read =
        IcebergGenerics.read(iceberg(table)).where(Expressions.alwaysTrue()).build()) {
      for (Record row : read) {
        Object service = row.getField("service_name");
        Object metric =
            row.struct().field("metric_name") == null ? "" : row.getField("metric_name");
        keys.add(
            (service == null ? "" : service + "!")
                + "/"
                + (metric == null ? "" : metric + "!")
                + "/"
                + row.getField("time"));
      }
    }
    return keys;
  }

  private BaseTable iceberg() {
    return iceberg(Table.TRACES);
  }

  private BaseTable iceberg(Table table) {
    return (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", table.tableName()));
  }
}
