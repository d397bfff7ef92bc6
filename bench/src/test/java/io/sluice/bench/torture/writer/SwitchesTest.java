package io.sluice.bench.torture.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bench.torture.writer.Switches.Switch;
import io.sluice.lake.ForcingFileIO;
import io.sluice.wal.FileStorage;
import io.sluice.wal.Storage;
import io.sluice.wal.Storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each switch does what its name says, and nothing once it is off. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SwitchesTest {

  private static final int WAIT_MILLIS = 300;

  @TempDir Path directory;

  private Path file;
  private SwitchBoard board;

  @BeforeEach
  void watch() throws IOException {
    file = directory.resolve("switches");
    board = SwitchBoard.watch(file);
  }

  @Test
  void aBrokenDiskFailsWritesAndForces() throws Exception {
    Storage disk = disk();
    try (StorageFile log = disk.create("log")) {
      turn(Switch.LOG_FAILS, 0);

      assertThatThrownBy(() -> write(log)).hasMessageContaining("Input/output error");
      assertThatThrownBy(log::force).hasMessageContaining("Input/output error");
      assertThatThrownBy(() -> disk.create("other")).hasMessageContaining("Input/output error");

      turnOff(Switch.LOG_FAILS);
      write(log);
      log.force();
    }
  }

  @Test
  void aFullDiskTakesNoNewFileAndGoesOnWithThoseThereAre() throws Exception {
    Storage disk = disk();
    disk.create("there").close();
    turn(Switch.LOG_FULL, 0);

    assertThat(disk.usableBytes()).isZero();
    try (StorageFile made = disk.create("new");
        StorageFile there = disk.open("there", Storage.Access.WRITE)) {
      assertThatThrownBy(() -> write(made)).hasMessageContaining("No space left");
      write(there);
      there.force();
    }
  }

  @Test
  void aSlowForceTakesItsTime() throws Exception {
    try (StorageFile log = disk().create("log")) {
      turn(Switch.SLOW_FORCE, WAIT_MILLIS);
      long began = System.nanoTime();
      log.force();

      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(WAIT_MILLIS * 1_000_000L);
    }
  }

  @Test
  void aStoreThatIsAwayFailsWhatIsOpenAndWhatIsNew() throws Exception {
    SwitchedStore store = new SwitchedStore(new ForcingFileIO(), board);
    OutputFile output = store.newOutputFile(location("a"));
    PositionOutputStream stream = output.create();
    turn(Switch.STORE_FAILS, 0);

    assertThatThrownBy(() -> stream.write(1)).isInstanceOf(RuntimeIOException.class);
    assertThatThrownBy(stream::close).isInstanceOf(RuntimeIOException.class);
    assertThatThrownBy(() -> store.newInputFile(location("a")))
        .isInstanceOf(RuntimeIOException.class);
    assertThatThrownBy(() -> store.newOutputFile(location("b")))
        .isInstanceOf(RuntimeIOException.class);

    turnOff(Switch.STORE_FAILS);
    store.newOutputFile(location("b")).create().close();
    assertThat(store.newInputFile(location("b")).exists()).isTrue();
  }

  @Test
  void aStoreThatHangsAnswersWhenItIsBack() throws Exception {
    SwitchedStore store = new SwitchedStore(new ForcingFileIO(), board);
    turn(Switch.STORE_HANGS, 0);
    CompletableFuture<OutputFile> opening =
        CompletableFuture.supplyAsync(() -> store.newOutputFile(location("a")));

    assertThatThrownBy(() -> opening.get(WAIT_MILLIS, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    turnOff(Switch.STORE_HANGS);
    assertThat(opening.get()).isNotNull();
  }

  @Test
  void aCatalogFailsOrDoesItAndLosesTheAnswer() throws Exception {
    String uri = "jdbc:sqlite:" + directory.resolve("catalog.db");
    SwitchedDriver driver = new SwitchedDriver(DriverManager.getDriver(uri), board);
    try (Connection connection = driver.connect(uri, new Properties())) {
      execute(connection, "CREATE TABLE t (x INT)");
      turn(Switch.CATALOG_FAILS, 0);
      assertThatThrownBy(() -> execute(connection, "INSERT INTO t VALUES (1)"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> driver.connect(uri, new Properties()))
          .isInstanceOf(SQLException.class);
      turnOff(Switch.CATALOG_FAILS);
      turn(Switch.CATALOG_ANSWERS_LOST, 0);
      assertThatThrownBy(() -> execute(connection, "INSERT INTO t VALUES (2)"))
          .isInstanceOf(SQLException.class);
      turnOff(Switch.CATALOG_ANSWERS_LOST);

      try (PreparedStatement read = connection.prepareStatement("SELECT sum(x) FROM t");
          ResultSet sum = read.executeQuery()) {
        assertThat(sum.next()).isTrue();
        assertThat(sum.getInt(1)).isEqualTo(2);
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  private Storage disk() throws IOException {
    return new SwitchedDisk(FileStorage.create(directory.resolve("log")), board);
  }

  private String location(String name) {
    return "file://" + directory.resolve(name);
  }

  private static void write(StorageFile log) throws IOException {
    log.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {1})}, 1, 0);
  }

  private void turn(Switch kind, long number) throws Exception {
    new Switches(Map.of(kind, number)).write(file);
    while (!board.isOn(kind)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void turnOff(Switch kind) throws Exception {
    Switches.NONE.write(file);
    board.awaitOff(kind);
  }
}
