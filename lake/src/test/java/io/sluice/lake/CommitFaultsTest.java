package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.CommitOutcome.AlreadyCommitted;
import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Breaks every step of a commit in turn. The table must hold each row once, whatever happened. */
@ParameterizedClass
@EnumSource(CatalogKind.class)
class CommitFaultsTest {

  private static final UUID LOG = new UUID(1, 1);

  @Parameter CatalogKind kind;
  @TempDir Path directory;
  private final Faults faults = new Faults();
  private final List<RestCatalogServer> servers = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();
  private Lake sound;
  private LakeTable soundTraces;
  private Lake lake;
  private LakeTable traces;
  private long mark;

  @BeforeEach
  void open() throws Exception {
    sound = TempLake.open(behind());
    sound.ensureTables("default");
    soundTraces = sound.table("default", Table.TRACES);
    lake = open(new FaultyFileIO(faults), FaultyConnections::new, false);
    traces = lake.table("default", Table.TRACES);
    commitNext(traces);
  }

  private interface Connections {
    JdbcClientPool open(String uri, Map<String, String> properties, Faults faults);
  }

  /** The catalog without faults on the way to it. */
  private LakeConfig behind() {
    return (kind == CatalogKind.REST ? CatalogKind.SQLITE : kind).config(directory);
  }

  /** With faults on the way to the catalog: at its statements, or at its requests. */
  private Lake open(FileIO files, Connections connections, boolean repeats) throws Exception {
    LakeConfig config = behind();
    if (kind == CatalogKind.REST) {
      RestCatalogServer server =
          RestCatalogServer.start(config, new ForcingFileIO(), faults, repeats);
      servers.add(server);
      config = CatalogKind.rest(server, directory, 20);
    }
    return Lake.open(
        config,
        Clock.systemUTC(),
        files,
        (uri, properties) -> connections.open(uri, properties, faults),
        pause -> {});
  }

  @AfterEach
  void close() {
    lake.close();
    sound.close();
    servers.forEach(RestCatalogServer::close);
  }

  @Test
  void failureOfAnyOneStepIsGotOver() throws Exception {
    int step = 0;
    do {
      step++;
      faults.arm(step, false);
      assertThat(commitNext(traces)).as("step %s", step).isInstanceOf(Committed.class);
      faults.disarm();
      assertWhole(step);
    } while (faults.steps() >= step);
    assertThat(step).isGreaterThan(10);
    assertThat(lake.counters().retries()).isGreaterThan(5);
  }

  @Test
  void deathAtAnyStepLeavesAllOrNothing() throws Exception {
    int committed = 0;
    int lost = 0;
    int step = 0;
    while (true) {
      step++;
      DataFile file = nextFile();
      faults.arm(step, true);
      boolean survived = commitUntilDeath(file);
      faults.disarm();
      // What a restarted process finds, and does: the same rows again, in another file.
      boolean isIn = soundTraces.marks().get(LOG) == mark + 1;
      assertThat(TempLake.traceIds(sound).size()).isEqualTo(rows.size() + (isIn ? 1 : 0));
      CommitOutcome again = soundTraces.commit(range(), List.of(nextFile()));
      assertThat(again).isInstanceOf(isIn ? AlreadyCommitted.class : Committed.class);
      committed += isIn ? 1 : 0;
      lost += isIn ? 0 : 1;
      advance();
      assertWhole(step);
      if (survived) {
        break;
      }
    }
    assertThat(committed).isGreaterThan(1);
    assertThat(lost).isGreaterThan(5);
  }

  /**
   * A catalog whose client repeats a statement says "failed" of an update that took place. Nothing
   * of that snapshot may be deleted then.
   */
  @Test
  void updateReportedAsFailedThoughItTookPlaceIsRecognised() throws Exception {
    try (Lake repeating = open(new ForcingFileIO(), RepeatingConnections::new, true)) {
      LakeTable table = repeating.table("default", Table.TRACES);
      int step = 0;
      do {
        faults.arm(++step, false);
        assertThat(commitNext(table)).as("step %s", step).isInstanceOf(Committed.class);
        faults.disarm();
        assertWhole(step);
      } while (faults.steps() >= step);
      assertThat(repeating.counters().retries()).isPositive();
    }
  }

  @Test
  void filesOfAnUnknownCommitAreKeptUntilALaterOneSucceeds() throws Exception {
    DataFile file = nextFile();
    faults.arm(1, true);
    assertThatThrownBy(() -> traces.commit(range(), List.of(file)))
        .isInstanceOf(LakeUnavailableException.class);
    faults.disarm();
    assertThat(lake.counters().unknown()).isEqualTo(1);
    assertThat(traces.discard(List.of(file))).isZero();
    commitNext(traces);
    assertThat(traces.discard(List.of(file))).isEqualTo(1);
    assertThat(lake.counters().discardedFiles()).isEqualTo(1);
    assertWhole(0);
  }

  @Test
  void filesCommittedByAnUnknownAttemptAreNeverDiscarded() throws Exception {
    DataFile file = nextFile();
    int step = 0;
    do {
      faults.arm(++step, true);
      commitUntilDeath(file);
      faults.disarm();
    } while (soundTraces.marks().get(LOG) == mark);
    assertThat(traces.commit(range(), List.of(file))).isEqualTo(new AlreadyCommitted(mark + 1));
    advance();
    commitNext(traces);
    assertThat(traces.discard(List.of(file))).isZero();
    assertWhole(step);
  }

  /** A process that was taken for dead has the same log, and commits the same rows. */
  @Test
  void anotherProcessWithTheSameLogMayCommitBetweenAnyTwoSteps() throws Exception {
    int lost = 0;
    int won = 0;
    int step = 0;
    do {
      step++;
      DataFile ours = nextFile();
      DataFile theirs = nextFile();
      List<CommitOutcome> other = new ArrayList<>();
      faults.interrupt(step, () -> other.add(commitSound(theirs)));
      CommitOutcome outcome = traces.commit(range(), List.of(ours));
      if (outcome instanceof AlreadyCommitted) {
        lost++;
        assertThat(other).as("step %s", step).singleElement().isInstanceOf(Committed.class);
        assertThat(traces.discard(List.of(ours))).as("step %s", step).isEqualTo(1);
      } else {
        won++;
        assertThat(outcome).as("step %s", step).isInstanceOf(Committed.class);
        other.forEach(o -> assertThat(o).isEqualTo(new AlreadyCommitted(mark + 1)));
        assertThat(soundTraces.discard(List.of(theirs))).isEqualTo(1);
      }
      advance();
      assertWhole(step);
    } while (faults.steps() >= step);
    assertThat(lost).isGreaterThan(5);
    assertThat(won).isGreaterThan(1);
  }

  private CommitOutcome commitSound(DataFile file) {
    try {
      return soundTraces.commit(range(), List.of(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean commitUntilDeath(DataFile file) throws IOException {
    try {
      return traces.commit(range(), List.of(file)) instanceof Committed;
    } catch (LakeUnavailableException e) {
      return false;
    }
  }

  private CommitOutcome commitNext(LakeTable table) throws Exception {
    CommitOutcome outcome = table.commit(range(), List.of(nextFile()));
    advance();
    return outcome;
  }

  private LogRange range() {
    return new LogRange(LOG, mark, mark + 1);
  }

  private DataFile nextFile() throws Exception {
    return TempLake.file(soundTraces, row());
  }

  private String row() {
    return "%05d".formatted(mark);
  }

  private void advance() {
    rows.add(row());
    mark++;
  }

  private void assertWhole(int step) throws Exception {
    assertThat(TempLake.traceIds(sound)).as("step %s", step).isEqualTo(rows);
    assertThat(soundTraces.marks()).as("step %s", step).containsExactly(Map.entry(LOG, mark));
  }
}
