package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import io.sluice.wal.FileStorage;
import io.sluice.writer.WriterSettings;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BoxTest {

  @TempDir private Path directory;

  @Test
  void busyPortIsNamedWithTheSettingThatMovesIt() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      WriterSettings settings = settings("--otlp.http.port=" + busy.getLocalPort());
      assertThatThrownBy(() -> check(settings))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining(Integer.toString(busy.getLocalPort()))
          .hasMessageContaining("--otlp.http.port or SLUICE_OTLP_HTTP_PORT");
    }
  }

  @Test
  void allBusyPortsAreNamedAtOnce() throws Exception {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket two = new ServerSocket(0, 1, loopback)) {
      var settings =
          settings("--otlp.http.port=" + one.getLocalPort(), "--flight.port=" + two.getLocalPort());
      assertThatThrownBy(() -> check(settings))
          .isInstanceOfSatisfying(
              InvalidSettingsException.class,
              e ->
                  assertThat(e.problems())
                      .hasSize(2)
                      .anyMatch(p -> p.contains("--otlp.http.port"))
                      .anyMatch(p -> p.contains("--flight.port")));
    }
  }

  @Test
  void freePortsAndAWritableDirectoryPassAndTheDirectoryIsMade() throws Exception {
    WriterSettings settings = settings("--data=" + directory.resolve("new/data"));
    ChildSpec writer = check(settings).writer(writer(settings), List.of("java"));
    assertThat(Files.getPosixFilePermissions(directory.resolve("new/data")))
        .as("for its owner alone")
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(directory.resolve("new/data"))
        .isDirectoryContaining("glob:**/warehouse")
        .isDirectoryNotContaining("glob:**{tmp,db,writer,logs}");
    assertThat(writer.readyz().toString())
        .isEqualTo("http://127.0.0.1:" + settings.common().writerAdminPort() + "/readyz");
  }

  @Test
  void directoriesThatAreMadeForABoxThatCannotStartAreTakenAway() throws Exception {
    Path used = Files.createDirectories(directory.resolve("used/warehouse"));
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      for (String data : List.of("new/data", "used")) {
        WriterSettings settings =
            settings("--data=" + directory.resolve(data), "--flight.port=" + busy.getLocalPort());
        assertThatThrownBy(() -> check(settings)).isInstanceOf(InvalidSettingsException.class);
      }
    }
    assertThat(directory.resolve("new")).doesNotExist();
    assertThat(used).isEmptyDirectory();
  }

  @Test
  void samePortTwiceAndADirectoryThatIsAFileAreSaidTogether() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    WriterSettings settings =
        settings("--data=" + file, "--flight.port=5000", "--otlp.grpc.port=5000");
    assertThatThrownBy(() -> check(settings))
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "cannot write to data directory: %s (it is a file; choose another with --data)"
                            .formatted(file),
                        "cannot use port 5000 twice: otlp.grpc.port and flight.port"));
  }

  @Test
  void diskWithoutRoomForALogsFirstSegmentsIsSaid() throws Exception {
    WriterSettings settings = settings("--wal.segment-bytes=1024TiB", "--wal.max-bytes=8192TiB");
    assertThatThrownBy(() -> check(settings))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageMatching(
            "cannot begin a log: 3377699720527872 bytes are needed on the disk of .*, \\d+ are free \\(.*--data\\)");
  }

  @Test
  void logThatAnotherProcessHasIsSaidAndItsServicesLogsAreLeftAlone() throws Exception {
    WriterSettings settings = settings();
    try (Closeable held = FileStorage.create(settings.wal().directory()).lock()) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> check(settings))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining("log-0 is in use by process " + ProcessHandle.current().pid());
    }
    assertThat(directory.resolve("logs")).doesNotExist();
    check(settings);
  }

  @Test
  void logThatAnotherProcessHasIsSaidBeforeThePortsThatItHas() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      WriterSettings settings = settings("--flight.port=" + busy.getLocalPort());
      try (Closeable held = FileStorage.create(settings.wal().directory()).lock()) {
        assertThat(held).isNotNull();
        assertThatThrownBy(() -> check(settings))
            .isInstanceOfSatisfying(
                InvalidSettingsException.class,
                e -> {
                  assertThat(e.problems()).hasSize(2);
                  assertThat(e.problems().get(0)).contains("log-0 is in use by process ");
                  assertThat(e.problems().get(1)).contains("--flight.port");
                });
      }
    }
  }

  @Test
  void warehouseAndCatalogThatCannotBeUsedAreSaidTogether() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "no database, of no use".repeat(50));
    WriterSettings settings =
        settings("--warehouse=file://" + file, "--catalog.uri=jdbc:sqlite:" + file);
    assertThatThrownBy(() -> check(settings))
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e -> {
              assertThat(e.problems()).hasSize(2);
              assertThat(e.problems().get(0))
                  .startsWith("cannot write to warehouse: " + file + " (it is a file;");
              assertThat(e.problems().get(1))
                  .startsWith("cannot open catalog: " + file)
                  .contains("not a database", "--catalog.uri");
            });
  }

  @Test
  void whatTheTablesAreInMayBeAwayOnceThereIsALog() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "no database, of no use".repeat(50));
    WriterSettings settings =
        settings("--warehouse=file://" + file, "--catalog.uri=jdbc:sqlite:" + file);
    Files.createDirectories(settings.wal().directory());
    assertThatThrownBy(() -> check(settings)).hasMessageContaining("warehouse");
    Files.writeString(settings.wal().directory().resolve("log-id"), "an id");
    check(settings);
  }

  @Test
  void catalogInADirectoryThatIsNotThereIsSaid() throws Exception {
    WriterSettings settings =
        settings("--catalog.uri=jdbc:sqlite:" + directory.resolve("none/catalog.db"));
    assertThatThrownBy(() -> check(settings))
        .hasMessageContaining("cannot make catalog: " + directory.resolve("none/catalog.db"));
  }

  @Test
  void directoryThatCannotBeWrittenIsSaid() throws Exception {
    WriterSettings settings = settings("--data=" + unwritable(directory).resolve("data"));
    assertThatThrownBy(() -> check(settings))
        .hasMessageMatching(
            "cannot write to data directory: .*/data \\(.+; choose another with --data\\)");
  }

  /** Even for root, whom permissions do not stop. */
  static Path unwritable(Path directory) throws Exception {
    Path proc = Path.of("/proc");
    if (Files.isDirectory(proc)) {
      return proc;
    }
    Path own = Files.createDirectory(directory.resolve("read-only"));
    return Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("r-xr-xr-x"));
  }

  private static Box check(WriterSettings settings) throws Exception {
    return Box.check(settings.common(), List.of(writer(settings)), Pages.PLAIN);
  }

  private static BoxWriter writer(WriterSettings settings) {
    return new BoxWriter("writer", List.of(), settings);
  }

  /** Free ports, unless flags say otherwise. */
  private WriterSettings settings(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    for (String key :
        List.of(
            CommonSettings.OTLP_GRPC_PORT,
            CommonSettings.OTLP_HTTP_PORT,
            CommonSettings.FLIGHT_PORT,
            CommonSettings.ACCEPTOR_ADMIN_PORT,
            CommonSettings.WRITER_ADMIN_PORT)) {
      if (all.stream().noneMatch(flag -> flag.startsWith("--" + key + "="))) {
        all.add("--" + key + "=" + FreePorts.one());
      }
    }
    if (all.stream().noneMatch(flag -> flag.startsWith("--data="))) {
      all.add("--data=" + directory);
    }
    return WriterSettings.from(Settings.of(all, Map.of(), directory));
  }
}
