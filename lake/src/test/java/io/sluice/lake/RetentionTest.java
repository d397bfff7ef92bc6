package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.TableReport;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final Set<MaintenanceTask> RETENTION = Set.of(MaintenanceTask.RETENTION);
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  @TempDir Path directory;
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
  void wholeDaysThatAreOverTheirTimeGoAndNothingElse() throws Exception {
    DataFile old = commit(TODAY.minusDays(31), "old");
    commit(TODAY.minusDays(30), "last kept");
    commit(TODAY, "today");

    TableReport said = run("traces=30d", false);
    assertThat(said.expired().files()).isEqualTo(1);
    assertThat(TempLake.traceIds(lake)).hasSize(3);

    TableReport done = run("traces=30d", true);
    assertThat(done.failures()).isEmpty();
    assertThat(done.expired()).isEqualTo(said.expired());
    assertThat(done.after().files()).isEqualTo(2);
    assertThat(TempLake.traceIds(lake)).containsExactly("last kept", "today");
    assertThat(path(old)).as("whoever reads the snapshot before still can").exists();
    assertThat(run("traces=30d", true).expired().files()).isZero();
  }

  @Test
  void filesLeaveTheDiskOnceTheirSnapshotsWereReplacedLongEnoughAgo() throws Exception {
    DataFile old = commit(TODAY.minusDays(40), "old");
    commit(TODAY, "today");
    run("default=30d", true);
    assertThat(run("default=30d", Instant.now().plusSeconds(3_000), true).snapshots()).isZero();
    assertThat(path(old)).exists();
    TableReport later = run("default=30d", Instant.now().plusSeconds(3_700), true);
    assertThat(later.failures()).isEmpty();
    assertThat(later.snapshots()).isEqualTo(2);
    assertThat(path(old)).doesNotExist();
    assertThat(iceberg().operations().current().snapshots()).hasSize(1);
    assertThat(TempLake.traceIds(lake)).containsExactly("today");
    commit(TODAY, "tomorrow");
    assertThat(TempLake.traceIds(lake)).containsExactly("today", "tomorrow");
  }

  @Test
  void ownSnapshotsExpireByTheWritersCommitsToo() throws Exception {
    close();
    lake = TempLake.open(TempLake.config(directory, 2));
    traces = lake.table("default", Table.TRACES);
    commit(TODAY.minusDays(40), "old");
    run("default=30d", true);
    for (int i = 0; i < 9; i++) {
      commit(TODAY, "new" + i);
    }
    assertThat(iceberg().operations().current().snapshots()).hasSizeLessThan(5);
  }

  @Test
  void timesAreThoseOfTheTenantsTableElseOfTheTableElseOfAll() throws Exception {
    commit(TODAY.minusDays(10), "ten");
    commit(TODAY.minusDays(3), "three");
    assertThat(run("", false).expired().files()).isZero();
    assertThat(run("default=5d, traces=0", false).expired().files()).isZero();
    assertThat(run("default=5d", false).expired().files()).isEqualTo(1);
    assertThat(run("traces=30d, default.traces=2d", false).expired().files()).isEqualTo(2);
    assertThat(run("traces=5d, other.traces=2d", false).expired().files()).isEqualTo(1);
  }

  @Test
  void lateRowsOfADayThatIsGoneComeInAndGoWithTheNextRun() throws Exception {
    commit(TODAY.minusDays(40), "old");
    run("default=30d", true);
    commit(TODAY.minusDays(40), "late");
    assertThat(TempLake.traceIds(lake)).containsExactly("late");
    run("default=30d", true);
    assertThat(TempLake.traceIds(lake)).isEmpty();
    assertThat(traces.marks()).containsEntry(LOG, mark);
  }

  @Test
  void fileOfAnotherPartitioningGoesOnlyIfAllItsRowsAreOld() throws Exception {
    iceberg().updateSpec().removeField("time_day").commit();
    BaseTable table = iceberg();
    List<DataFile> files = new ArrayList<>();
    for (LocalDate day : List.of(TODAY.minusDays(40), TODAY.minusDays(1))) {
      DataFile written = TempLake.on(day, traces, UUID.randomUUID() + ".parquet", day.toString());
      files.add(
          org.apache.iceberg.DataFiles.builder(table.spec())
              .withInputFile(table.io().newInputFile(written.location()))
              .withFormat("parquet")
              .withMetrics(
                  org.apache.iceberg.parquet.ParquetUtil.fileMetrics(
                      table.io().newInputFile(written.location()),
                      org.apache.iceberg.MetricsConfig.getDefault()))
              .build());
    }
    table.newAppend().appendFile(files.get(0)).appendFile(files.get(1)).commit();
    commit(TODAY.minusDays(50), "old");
    TableReport done = run("default=30d", true);
    assertThat(done.failures()).isEmpty();
    assertThat(done.expired().files()).isEqualTo(2);
    assertThat(TempLake.traceIds(lake)).containsExactly(TODAY.minusDays(1).toString());
  }

  @Test
  void whatALogCommitsMeanwhileIsThereOnce() throws Exception {
    commit(TODAY.minusDays(40), "old");
    commit(TODAY, "today");
    Runnable late =
        () -> {
          try {
            commit(TODAY, "meanwhile");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    try (Lake other =
        Lake.open(
            TempLake.config(directory),
            Clock.systemUTC(),
            new MeanwhileFileIO(name -> name.endsWith(".avro"), late),
            UnrepeatingConnections::new,
            d -> {})) {
      assertThat(run(other, "default=30d", Instant.now(), true).failures()).isEmpty();
    }
    assertThat(TempLake.traceIds(lake)).containsExactly("meanwhile", "today");
    assertThat(traces.marks()).containsEntry(LOG, mark);
    commit(TODAY, "after");
  }

  @Test
  void killedAtAnyStepItLeavesAllOfADayOrNothing() throws Exception {
    Faults faults = new Faults();
    boolean ended = false;
    int step = 0;
    commit(TODAY, "today");
    while (!ended) {
      step++;
      if (TempLake.traceIds(lake).size() == 1) {
        commit(TODAY.minusDays(40), "old");
        commit(TODAY.minusDays(40), "old");
      }
      try (Lake faulty =
          Lake.open(
              TempLake.config(directory),
              Clock.systemUTC(),
              new FaultyFileIO(faults),
              (uri, properties) -> new FaultyConnections(uri, properties, faults),
              d -> {})) {
        faults.arm(step, true);
        run(faulty, "default=30d", Instant.now().plusSeconds(8_000), true);
        ended = faults.steps() < step;
        faults.disarm();
      }
      assertThat(TempLake.traceIds(lake).stream().filter("old"::equals).count())
          .as("step %d", step)
          .isIn(0L, 2L);
      assertThat(TempLake.traceIds(lake)).contains("today");
      assertThat(traces.marks()).containsEntry(LOG, mark);
    }
    assertThat(step).isBetween(10, 80);
  }

  @Test
  void tableThatWasRolledBackIsLeftAlone() throws Exception {
    commit(TODAY.minusDays(40), "old");
    long first = iceberg().currentSnapshot().snapshotId();
    commit(TODAY, "lost");
    iceberg().manageSnapshots().rollbackTo(first).commit();
    TableReport report = run("default=30d", true);
    assertThat(report.failures()).isNotEmpty().anyMatch(f -> f.contains("rolled back"));
    assertThat(TempLake.traceIds(lake)).containsExactly("old");
  }

  private TableReport run(String retention, boolean apply) {
    return run(retention, Instant.now(), apply);
  }

  private TableReport run(String retention, Instant now, boolean apply) {
    return run(lake, retention, now, apply);
  }

  private static TableReport run(Lake lake, String retention, Instant now, boolean apply) {
    return new Maintenance(
            lake,
            Maintain.settings(retention, Duration.ZERO),
            Clock.fixed(now, ZoneOffset.UTC),
            UUID::randomUUID,
            Pace.FULL,
            new MaintenanceCounters())
        .run("default", Table.TRACES, RETENTION, apply);
  }

  private DataFile commit(LocalDate day, String id) throws Exception {
    DataFile file = TempLake.on(day, traces, UUID.randomUUID() + ".parquet", id);
    assertThat(traces.commit(new LogRange(LOG, mark, ++mark), List.of(file)))
        .isInstanceOf(CommitOutcome.Committed.class);
    return file;
  }

  private static Path path(DataFile file) {
    return LocalPath.of(file.location());
  }

  private BaseTable iceberg() {
    return (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
  }
}
