package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Settings;
import io.sluice.wal.FileStorage;
import io.sluice.writer.WriterSettings;
import java.io.Closeable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CommandsTest {

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @Test
  void misspeltOptionIsOneSentenceWithTheNearestAndExitCode2() {
    assertThat(run("up", "--flight.prot=1")).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("sluice up: Unknown option: '--flight.prot=1'")
        .contains("--flight.port");
  }

  @Test
  void misspeltOptionIsNotToldOfWhatFollowsIt() {
    assertThat(run("sql", "--fromat", "json", "SELECT 1")).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("sluice sql: Unknown option: '--fromat'")
        .contains("--format")
        .doesNotContain("SELECT");
  }

  @Test
  void commandThatIsNoneIsSaidAndNoneAtAllShowsThem() {
    assertThat(run("nosuch")).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines("sluice: there is no command nosuch(sluice --help)");
    assertThat(run("tial")).isEqualTo(2);
    assertThat(errors.toString()).contains("there is no command tial (did you mean tail?)");
    assertThat(run()).isEqualTo(2);
    assertThat(errors.toString()).contains("Usage: sluice", "  tail ");
  }

  @Test
  void attributeWithoutANameAndADirectoryToAuditAreRefused() {
    assertThat(run("tail", "--attribute", "")).isEqualTo(2);
    assertThat(run("audit", directory.toString())).isEqualTo(2);
    assertThat(errors.toString())
        .contains("sluice tail: cannot filter by attribute: ''", "is a directory (name the file");
  }

  @Test
  void helpBreaksItsLinesWhereTheyAreFull() {
    assertThat(run("tail", "--help")).isZero();
    assertThat(out.toString())
        .contains(
            "\nShows records as they arrive, a line each, until Ctrl-C: of all Writers, each\n")
        .contains("\nExit codes: 0 ended by Ctrl-C");
    assertThat(out.toString().lines())
        .allMatch(line -> line.length() <= 80 || line.contains("sluice"));
  }

  @Test
  void settingThatDoesNotParseIsExitCode2() {
    assertThat(run("sql", "--flight-port", "x", "SELECT 1")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("sluice sql: cannot use setting flight.port")
        .doesNotContain("\tat ");
  }

  @Test
  void settingWithoutItsValueIsExitCode2AndMakesNothing() {
    assertThat(run("status", "--data")).isEqualTo(2);
    assertThat(run("reset", "--yes", "--data")).isEqualTo(2);
    assertThat(run("flush", "--data", "--logs=1")).isEqualTo(2);
    assertThat(errors.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.endsWith("it has no value (write --data=VALUE)"));
    assertThat(Path.of("true")).doesNotExist();
  }

  @Test
  void loadFindsTheAcceptorOfItsSettings() {
    CommonSettings box =
        CommonSettings.from(
            Settings.of(
                List.of("--bind-address=::1"), Map.of("SLUICE_OTLP_GRPC_PORT", "9000"), directory));
    assertThat(LoadCommand.target(box, false, false, null))
        .hasToString("http://[0:0:0:0:0:0:0:1]:9000");
    assertThat(LoadCommand.target(box, false, true, null))
        .hasToString("http://[0:0:0:0:0:0:0:1]:4318");
    assertThat(LoadCommand.target(box, false, false, "host:1")).hasToString("http://host:1");
    assertThat(LoadCommand.target(box, false, true, "https://host:1"))
        .hasToString("https://host:1");
    assertThat(LoadCommand.target(box, true, false, "host:1")).hasToString("https://host:1");
  }

  @Test
  void writerOfOneBoxMaintainsTheTablesUnlessToldOtherwise() throws Exception {
    String on = "--maintain.schedule=on";
    assertThat(writersFlags("--data=x")).containsExactly("--data=x", on);
    assertThat(writersFlags("--maintain.schedule=auto")).containsExactly(on);
    assertThat(writersFlags("--maintain.schedule=first"))
        .containsExactly("--maintain.schedule=first");
    assertThat(writersFlags("--maintain.schedule=off")).containsExactly("--maintain.schedule=off");
    assertThat(WriterSettings.from(Settings.defaults()).schedule().isOn())
        .as("a Writer that is started by itself")
        .isFalse();
  }

  private List<String> writersFlags(String... flags) throws Exception {
    WriterSettings settings = WriterSettings.from(Settings.of(List.of(flags), Map.of(), directory));
    CountedWriters one = CountedWriters.of(List.of(flags), Map.of(), directory);
    return BoxWriter.of(settings, one, Map.of(), directory).get(0).flags();
  }

  @Test
  void tableThatIsNoneIsNamedWithThoseThereAre() {
    assertThat(run("flush", "--table", "trace")).isEqualTo(2);
    assertThat(errors.toString()).contains("cannot flush table: trace (tables are [traces, logs,");
  }

  @Test
  void writerThatIsAwayIsSaidAndTheExitCodeIs1() throws Exception {
    int port = FreePorts.one();
    assertThat(run("flush", "--flight.port=" + port)).isEqualTo(1);
    assertThat(errors.toString()).contains("Writer 127.0.0.1:" + port + " cannot be reached");
  }

  @Test
  void readerMakesNoCatalogWhereThereIsNone() {
    assertThat(run("sql", "--data=" + directory.resolve("wrong"), "SELECT 1")).isEqualTo(2);
    assertThat(errors.toString()).contains("cannot find catalog").contains("--data");
    assertThat(directory.resolve("wrong")).doesNotExist();
  }

  @Test
  void resetDeletesOnlyWhatIsOursAndNotWhileAWriterListens() throws Exception {
    Files.createDirectories(directory.resolve("warehouse/default"));
    Files.createFile(directory.resolve("warehouse/default/x.parquet"));
    Files.createFile(directory.resolve("catalog.db"));
    Files.createFile(directory.resolve("service-token"));
    Files.createFile(directory.resolve("mine.txt"));
    String port;
    try (ServerSocket writer =
        new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      port = "--flight.port=" + writer.getLocalPort();
      assertThat(run("reset", "--yes", "--data=" + directory, port)).isEqualTo(2);
      assertThat(errors.toString()).contains("something listens on port");
      assertThat(directory.resolve("catalog.db")).exists();
    }
    assertThat(run("reset", "--yes", "--data=" + directory, port)).isZero();
    assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("mine.txt"));
    assertThat(directory.resolve("mine.txt")).exists();
  }

  @Test
  void resetDoesNotTouchDataThatAWriterHasOpenWhateverItsPortsAre() throws Exception {
    Path log = directory.resolve("writer/log-0");
    Path file = Files.createDirectories(directory.resolve("warehouse")).resolve("x.parquet");
    Files.createFile(file);
    String port = "--flight.port=" + closedPort();
    try (Closeable held = FileStorage.create(log).lock()) {
      assertThat(held).isNotNull();
      assertThat(run("reset", "--yes", "--data=" + directory, port)).isEqualTo(2);
      assertThat(errors.toString().lines())
          .singleElement()
          .asString()
          .startsWith("sluice reset: cannot reset: ")
          .contains("in use by process " + ProcessHandle.current().pid());
      assertThat(file).exists();
      assertThat(out.toString()).doesNotContain("deletes");
    }
    assertThat(run("reset", "--yes", "--data=" + directory, port)).isZero();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void resetOfDataThatNobodyHasDoesNotMindWhoListens() throws Exception {
    Files.createDirectories(directory.resolve("writer/log-0"));
    try (ServerSocket other = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      String port = "--flight.port=" + other.getLocalPort();
      assertThat(run("reset", "--yes", "--data=" + directory, port)).isZero();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void resetNamesWhatSettingsHaveMovedAndLeavesIt() throws Exception {
    Path moved = Files.createDirectories(directory.resolve("moved"));
    Path data = directory.resolve("data");
    Files.createDirectories(data.resolve("writer/log-0"));
    assertThat(
            run(
                "reset",
                "--yes",
                "--data=" + data,
                "--flight.port=" + closedPort(),
                "--warehouse=file://" + moved,
                "--catalog.uri=jdbc:postgresql://me:secret@host/db"))
        .isZero();
    assertThat(out.toString())
        .contains("left as it is, with its rows: warehouse file://" + moved)
        .contains("left as it is, with its rows: catalog jdbc:postgresql://me:***@host/db");
    assertThat(moved).exists();
    assertThat(data).isEmptyDirectory();
  }

  private static int closedPort() throws Exception {
    return FreePorts.one();
  }

  @Test
  void statusWithoutCatalogAndWriterNamesBothAndTheExitCodeIs1() throws Exception {
    String port = "--flight.port=" + closedPort();
    assertThat(run("status", "--data=" + directory, port)).isEqualTo(1);
    assertThat(out.toString()).contains("cannot be reached", "cannot find catalog");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void auditWithTheWriterAwayIsOneSentence() throws Exception {
    Path acks = Files.writeString(directory.resolve("acks"), "");
    Files.createFile(directory.resolve("catalog.db"));
    int port = closedPort();
    assertThat(run("audit", "--data=" + directory, "--flight.port=" + port, acks.toString()))
        .isEqualTo(1);
    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .startsWith("sluice audit: cannot ")
        .contains("Writer 127.0.0.1:" + port + " cannot be reached");
  }

  @Test
  void auditWhereThereIsNoCatalogMakesNone() {
    assertThat(run("audit", "--data=" + directory.resolve("none"), "acks")).isEqualTo(2);
    assertThat(errors.toString()).contains("cannot find catalog");
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void commandThatIsNamedIsTheOnlyOneAndTheSameAsAmongAll() {
    Map<String, CommandLine> all = Main.commands().getSubcommands();
    assertThat(all).hasSizeGreaterThan(10);
    all.forEach(
        (name, command) -> {
          Map<String, CommandLine> alone = Main.commands(name, "--help").getSubcommands();
          assertThat(alone).containsOnlyKeys(name);
          assertThat(alone.get(name).getUsageMessage()).isEqualTo(command.getUsageMessage());
        });
  }

  @Test
  void listOfCommandsIsTheSameWithoutTheirOptions() {
    CommandLine list = Main.commands("--help");
    assertThat(list.getUsageMessage()).isEqualTo(Main.commands().getUsageMessage());
    CommandLine sql = list.getSubcommands().get("sql");
    assertThat(sql.getCommandSpec().findOption("--data")).as("it takes a while").isNull();
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commands(arguments);
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(errors, true));
    return commands.execute(arguments);
  }
}
