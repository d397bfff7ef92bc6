package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process that was killed between its files and their commit leaves in the warehouse. */
class LeftOverFilesTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final UUID OTHER_LOG = new UUID(2, 2);

  @TempDir Path directory;
  private Lake lake;
  private LakeTable traces;

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
  void filesThatBeginAtTheMarkAndWereNeverCommittedGoWithTheNextCommit() throws Exception {
    assertCommitted(new LogRange(LOG, 0, 10), write(LOG, 0, 10, "a"));
    DataFile crashed = write(LOG, 10, 17, "b");
    DataFile others = write(OTHER_LOG, 10, 17, "c");

    close();
    open();
    traces.sweepAfterCommit(LOG, 10);
    assertThat(path(crashed)).exists();
    DataFile again = write(LOG, 10, 25, "b");
    assertCommitted(new LogRange(LOG, 10, 25), again);

    assertThat(path(crashed)).doesNotExist();
    assertThat(path(again)).exists();
    assertThat(path(others)).as("of a log that nobody asked for").exists();
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b");
    assertThat(lake.counters().discardedFiles()).isEqualTo(1);
    assertCommitted(new LogRange(LOG, 25, 26), write(LOG, 25, 26, "d"));
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b", "d");
  }

  @Test
  void fileThatWasCommittedAfterAllStays() throws Exception {
    DataFile first = write(LOG, 0, 10, "a");
    assertCommitted(new LogRange(LOG, 0, 10), first);
    close();
    open();
    traces.sweepAfterCommit(LOG, 0);
    assertCommitted(new LogRange(LOG, 10, 11), write(LOG, 10, 11, "b"));
    assertThat(path(first)).exists();
    assertThat(TempLake.traceIds(lake)).containsExactly("a", "b");
  }

  /**
   * Seen: a Writer that had led a log deleted what the next one had written, and then committed.
   */
  @Test
  void fileThatAnotherWriterIsAboutToCommitStays() throws Exception {
    traces.sweepAfterCommit(LOG, 0);
    DataFile crashed = write(LOG, 0, 7, "a");
    DataFile coming = write(LOG, 0, 10, "a");
    assertCommitted(new LogRange(OTHER_LOG, 0, 5), write(OTHER_LOG, 0, 5, "b"));
    assertThat(path(coming)).exists();
    assertCommitted(new LogRange(LOG, 0, 10), coming);
    assertThat(path(coming)).exists();
    assertThat(path(crashed)).doesNotExist();
    assertThat(TempLake.traceIds(lake)).containsExactlyInAnyOrder("a", "b");
  }

  /** A listing writes each file's place in its own way, the table in that of whoever made it. */
  @ParameterizedTest
  @ValueSource(strings = {"file://", "file:", "", "file:///"})
  void fileThatWasJustCommittedStaysInWhateverWayItsPlaceIsWritten(String scheme) throws Exception {
    lake.catalog()
        .loadTable(TableIdentifier.of("default", "traces"))
        .updateProperties()
        .set("write.data.path", scheme + directory.resolve("elsewhere"))
        .commit();
    DataFile crashed = write(LOG, 0, 7, "a");
    traces.sweepAfterCommit(LOG, 0);
    DataFile again = write(LOG, 0, 10, "a");
    assertCommitted(new LogRange(LOG, 0, 10), again);
    assertThat(path(again)).exists();
    assertThat(path(crashed)).doesNotExist();
    assertThat(TempLake.traceIds(lake)).containsExactly("a");
  }

  private void assertCommitted(LogRange range, DataFile file) throws Exception {
    assertThat(traces.commit(range, List.of(file))).isInstanceOf(Committed.class);
  }

  private DataFile write(UUID log, long from, long to, String traceId) throws Exception {
    String name = TableFileName.of(new LogRange(log, from, to), TempLake.DAY, 0, UUID.randomUUID());
    return TempLake.named(traces, name, traceId);
  }

  private static Path path(DataFile file) {
    return LocalPath.of(file.location());
  }
}
