package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of an SQLite catalog that is moved, lost or replaced below who has it open. */
@Timeout(60)
class CatalogFileTest {

  private static final UUID LOG = new UUID(1, 1);

  @TempDir Path directory;
  private Path file;
  private Path away;
  private long mark;

  @BeforeEach
  void name() {
    file = directory.resolve("catalog.db");
    away = directory.resolve("moved.db");
  }

  @Test
  void fileThatIsMovedAwayIsNoticedByTheNextCommitAndTakenAgainWhenItIsBack() throws Exception {
    try (Lake lake = TempLake.open(TempLake.config(directory))) {
      lake.ensureTables("default");
      commitNext(lake);
      Files.move(file, away);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> commitNext(lake))
            .isInstanceOf(LakeUnavailableException.class)
            .hasMessageContaining(file + " is not there any more (put it back as it was");
        assertThat(file).as("an empty one in its place").doesNotExist();
      }
      Files.move(away, file);
      commitNext(lake);
      assertThat(TempLake.traceIds(lake)).containsExactly("0", "1");
    }
    assertIsInTheFile("0", "1");
  }

  @Test
  void copyInThePlaceOfTheFileIsWhatIsCommittedTo() throws Exception {
    try (Lake lake = TempLake.open(TempLake.config(directory))) {
      lake.ensureTables("default");
      commitNext(lake);
      for (String part : List.of("", "-wal", "-shm")) {
        Path whole = directory.resolve("catalog.db" + part);
        Files.copy(whole, directory.resolve("copy.db" + part));
        Files.move(whole, directory.resolve("moved.db" + part));
        Files.move(directory.resolve("copy.db" + part), whole);
      }
      commitNext(lake);
    }
    assertIsInTheFile("0", "1");
  }

  @Test
  void anotherDatabaseInThePlaceOfTheFileIsNotCommittedTo() throws Exception {
    try (Lake lake = TempLake.open(TempLake.config(directory))) {
      lake.ensureTables("default");
      commitNext(lake);
      Files.move(file, away);
      Files.createFile(file);
      assertThatThrownBy(() -> commitNext(lake))
          .isInstanceOf(LakeUnavailableException.class)
          .hasMessageContaining("no such table");
    }
  }

  /** SQLite would end the process by SIGBUS. */
  @Test
  void fileThatCanNoLongerBeWrittenIsLeftAloneUntilItCan() throws Exception {
    AtomicBoolean writable = new AtomicBoolean(true);
    AtomicInteger opened = new AtomicInteger();
    Catalogs.Connector connector =
        (uri, properties) ->
            new UnrepeatingConnections(uri, properties) {
              @Override
              protected Connection newClient() {
                opened.incrementAndGet();
                return super.newClient();
              }

              @Override
              boolean isWritable() {
                return writable.get() && super.isWritable();
              }
            };
    try (Lake lake =
        Lake.open(
            TempLake.config(directory),
            Clock.systemUTC(),
            new ForcingFileIO(),
            connector,
            pause -> {})) {
      lake.ensureTables("default");
      commitNext(lake);
      int before = opened.get();
      writable.set(false);
      assertThatThrownBy(() -> commitNext(lake))
          .isInstanceOf(LakeUnavailableException.class)
          .hasMessageContaining(file + ", or its -wal or -shm, can no longer be written");
      writable.set(true);
      commitNext(lake);
      assertThat(opened).as("none was closed meanwhile").hasValue(before);
      assertThat(TempLake.traceIds(lake)).containsExactly("0", "1");
    }
  }

  /** SQLite would delete the log of the empty database that it makes there. */
  @Test
  void noCatalogIsMadeBesideTheLastCommitsOfOneThatIsLost() throws Exception {
    Path log = directory.resolve("catalog.db-wal");
    try (Lake killed = TempLake.open(TempLake.config(directory))) {
      killed.ensureTables("default");
      commitNext(killed);
      Files.copy(log, directory.resolve("kept-wal")); // as kill -9 leaves it
      Files.copy(file, away);
    }
    Files.delete(file);
    Files.move(directory.resolve("kept-wal"), log);
    assertThatThrownBy(() -> TempLake.open(TempLake.config(directory)).close())
        .isInstanceOf(LakeUnavailableException.class)
        .hasMessageContaining("last commits are still in " + log);
    assertThat(log).isNotEmptyFile();
    Files.move(away, file);
    assertIsInTheFile("0");
  }

  private void assertIsInTheFile(String... traceIds) throws Exception {
    try (Lake lake = TempLake.open(TempLake.config(directory))) {
      assertThat(TempLake.traceIds(lake)).containsExactly(traceIds);
    }
  }

  private void commitNext(Lake lake) throws Exception {
    TempLake.commit(lake, LOG, mark);
    mark++;
  }
}
