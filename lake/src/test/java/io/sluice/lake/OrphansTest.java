package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.TableReport;
import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphansTest {

  private static final UUID LOG = new UUID(1, 1);

  @TempDir Path directory;
  private Lake lake;
  private LakeTable traces;

  @BeforeEach
  void open() throws Exception {
    lake = TempLake.open(TempLake.config(directory, 3));
    lake.ensureTables("default");
    traces = lake.table("default", Table.TRACES);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void whatNothingRefersToGoesAndAllElseStays() throws Exception {
    for (int i = 0; i < 12; i++) {
      commit(i, "row" + i);
    }
    iceberg()
        .manageSnapshots()
        .createTag("release", iceberg().currentSnapshot().snapshotId())
        .commit();
    commit(12, "row12");
    Set<Path> needed = files();
    Path data = place().resolve("data").resolve("time_day=2026-11-22");
    List<Path> orphans =
        List.of(
            data.resolve("compacted-2026-11-22-" + UUID.randomUUID() + ".parquet"),
            place().resolve("metadata").resolve("snap-1-1-" + UUID.randomUUID() + ".avro"),
            place().resolve("metadata").resolve(UUID.randomUUID() + "-m0.avro"),
            place().resolve("metadata").resolve("00003-" + UUID.randomUUID() + ".metadata.json"));
    for (Path orphan : orphans) {
      Files.writeString(orphan, "left by a crash");
    }
    Path neighbour = Files.createDirectories(place().resolveSibling("traces-of-others"));
    Files.writeString(neighbour.resolve("file"), "not below the table's place");

    TableReport said = run(Duration.ZERO, false);
    assertThat(said.failures()).isEmpty();
    assertThat(said.orphans().files()).isEqualTo(4);
    assertThat(said.orphans().bytes()).isEqualTo(4 * 15);
    assertThat(orphans).allMatch(Files::exists);

    assertThat(run(Duration.ZERO, true).orphans()).isEqualTo(said.orphans());
    assertThat(orphans).noneMatch(Files::exists);
    assertThat(files()).isEqualTo(needed);
    assertThat(neighbour.resolve("file")).exists();
    assertThat(TempLake.traceIds(lake)).hasSize(13);
  }

  @Test
  void youngFilesStay() throws Exception {
    commit(0, "row");
    Path orphan = place().resolve("data").resolve("stray.parquet");
    Files.writeString(orphan, "young");
    assertThat(run(Duration.ofDays(3), true).orphans().files()).isZero();
    Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(4))));
    assertThat(run(Duration.ofDays(3), true).orphans().files()).isEqualTo(1);
    assertThat(orphan).doesNotExist();
  }

  @Test
  void fileThatItsLogMayStillCommitStaysHoweverOldItIs() throws Exception {
    commit(0, "row");
    LogRange range = new LogRange(LOG, 1, 2);
    DataFile waiting = write(range, "waiting");
    DataFile begun = write(new LogRange(LOG, 0, 7), "of a killed process");
    Files.setLastModifiedTime(path(waiting), FileTime.from(Instant.EPOCH));

    TableReport report = run(Duration.ZERO, true);
    assertThat(path(begun)).as("begins before the mark").doesNotExist();
    assertThat(report.orphans().files()).isEqualTo(1);
    assertThat(report.remarks()).anyMatch(remark -> remark.contains("1 files are not committed"));
    assertThat(traces.commit(range, List.of(waiting))).isInstanceOf(CommitOutcome.Committed.class);
    assertThat(TempLake.traceIds(lake)).containsExactly("row", "waiting");
    assertThat(run(Duration.ZERO, true).orphans().files()).isZero();
    assertThat(TempLake.traceIds(lake)).containsExactly("row", "waiting");
  }

  @Test
  void fileCommittedBetweenListingAndLoadingStays() throws Exception {
    commit(0, "row");
    Faults faults = new Faults();
    DataFile foreign = TempLake.file(traces, "foreign");
    ListingFileIO io = new ListingFileIO(() -> iceberg().newAppend().appendFile(foreign).commit());
    try (Lake listing =
        Lake.open(
            TempLake.config(directory),
            Clock.systemUTC(),
            io,
            (uri, properties) -> new FaultyConnections(uri, properties, faults),
            d -> {})) {
      TableReport report =
          new Maintenance(
                  listing,
                  Maintain.settings("", Duration.ZERO),
                  Clock.systemUTC(),
                  UUID::randomUUID,
                  Pace.FULL,
                  new MaintenanceCounters())
              .run("default", Table.TRACES, Set.of(MaintenanceTask.ORPHANS), true);
      assertThat(report.failures()).isEmpty();
      assertThat(io.listed).isEqualTo(1);
    }
    assertThat(TempLake.traceIds(lake)).containsExactly("foreign", "row");
  }

  @Test
  void placeThatAnotherTableHasFilesInIsLeftAlone() throws Exception {
    commit(0, "row");
    Schema schema = new Schema(Types.NestedField.optional(1, "a", Types.IntegerType.get()));
    lake.catalog()
        .buildTable(TableIdentifier.of("default", "others"), schema)
        .withLocation("file:" + place().resolve("inside"))
        .create();
    Path stray = place().resolve("stray");
    Files.writeString(stray, "whose?");
    TableReport report = run(Duration.ZERO, true);
    assertThat(report.failures())
        .singleElement()
        .asString()
        .contains("table default.others has files in " + iceberg().location());
    assertThat(stray).exists();
    assertThat(iceberg().properties()).containsKey("sluice.format");

    lake.catalog().dropTable(TableIdentifier.of("default", "others"), true);
    lake.catalog()
        .buildTable(TableIdentifier.of("default", "beside"), schema)
        .withProperties(Map.of("write.data.path", iceberg().location()))
        .create();
    assertThat(run(Duration.ZERO, true).failures()).singleElement().asString().contains("beside");
    lake.catalog().dropTable(TableIdentifier.of("default", "beside"), true);
    run(Duration.ZERO, true);
    assertThat(stray).doesNotExist();
  }

  @Test
  void tableWhoseFilesMayBeAnothersKeepsAllOfThem() throws Exception {
    commit(0, "row");
    Path stray = place().resolve("stray");
    Files.writeString(stray, "of a table in another catalog");
    iceberg().updateProperties().set("gc.enabled", "false").commit();
    assertThat(run(Duration.ZERO, true).failures())
        .singleElement()
        .asString()
        .contains("gc.enabled");
    assertThat(stray).exists();
    iceberg().updateProperties().remove("gc.enabled").commit();
    run(Duration.ZERO, true);
    assertThat(stray).doesNotExist();
  }

  @Test
  void nothingGoesWhileAManifestCannotBeRead() throws Exception {
    commit(0, "row");
    Path stray = place().resolve("stray");
    Files.writeString(stray, "orphan");
    String manifest = iceberg().currentSnapshot().allManifests(lake.io()).get(0).path();
    Files.write(LocalPath.of(manifest), new byte[] {1, 2, 3});
    TableReport report = run(Duration.ZERO, true);
    assertThat(report.failures()).isNotEmpty();
    assertThat(stray).exists();
  }

  private TableReport run(Duration olderThan, boolean apply) {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(2));
    return new Maintenance(
            lake,
            Maintain.settings("", olderThan),
            later,
            UUID::randomUUID,
            Pace.FULL,
            new MaintenanceCounters())
        .run("default", Table.TRACES, Set.of(MaintenanceTask.ORPHANS), apply);
  }

  private void commit(long from, String id) throws Exception {
    LogRange range = new LogRange(LOG, from, from + 1);
    assertThat(traces.commit(range, List.of(write(range, id))))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  private DataFile write(LogRange range, String id) throws Exception {
    LocalDate day = TempLake.DAY;
    return TempLake.named(traces, TableFileName.of(range, day, 0, UUID.randomUUID()), id);
  }

  private Path place() {
    return LocalPath.of(iceberg().location());
  }

  private Set<Path> files() throws Exception {
    try (Stream<Path> all = Files.walk(place())) {
      return new TreeSet<>(all.filter(Files::isRegularFile).toList());
    }
  }

  private static Path path(DataFile file) {
    return LocalPath.of(file.location());
  }

  private BaseTable iceberg() {
    return (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
  }
}
