package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SluiceProcess.Ended;
import io.sluice.s3server.FreePorts;
import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Commands as a shell sees them, beside a box that runs: exit codes, what is printed and where. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OneBoxCommandsTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path directory;

  private static OneBox box;

  @BeforeAll
  static void start() throws Exception {
    box = OneBox.start(directory.resolve("data"));
    box.run("load", "--signal=traces", "--requests=1", "--connections=1", "--batch=3");
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  @Test
  void sqlPrintsTheAnswerAloneInEachFormat() throws Exception {
    String sql = "SELECT count(*) AS n, min(kind) IS NULL AS none FROM traces";
    assertEnded(box.tried("sql", sql), "n   none", "-  -----", "3  false", "(1 row)");
    assertEnded(box.tried("sql", "--format=csv", sql), "n,none", "3,false");
    assertEnded(box.tried("sql", "--format", "JSON", sql), "[", "{\"n\":3,\"none\":false}", "]");
  }

  @Test
  void sqlReadsItsStatementFromStandardInputAndAfterAComment() throws Exception {
    List<String> words = new ArrayList<>(box.settings());
    words.addAll(List.of("--format=csv", "-"));
    assertEnded(SluiceProcess.run(SluiceProcess.words("sql", words), "SELECT 1 AS a"), "a", "1");
    assertEnded(box.tried("sql", "--format=csv", "-- one\nSELECT 1 AS a"), "a", "1");
    assertEnded(box.tried("sql", "--format=csv", "--one\nSELECT 1 AS a"), "a", "1");
    assertThat(box.tried("sql", "--fromat=csv", "SELECT 1").code()).isEqualTo(2);
  }

  @Test
  void wrongStatementsAreExitCode2WithASentenceAndNoAnswer() throws Exception {
    for (String sql :
        List.of("SELECT nome FROM traces", "SELEC 1", "DROP TABLE traces", "SELECT 1 FROM spans")) {
      Ended ended = box.tried("sql", sql);
      assertThat(ended.code()).as(sql).isEqualTo(2);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.errors().get(0)).startsWith("sluice sql: ");
      assertThat(ended.errors()).noneMatch(line -> line.startsWith("\tat "));
    }
    assertThat(box.tried("sql", "SELECT 1 FROM spans").errors().get(0))
        .startsWith("sluice sql: cannot find table: spans (tables are [traces, logs, ")
        .endsWith("])");
  }

  @Test
  void readThatCannotBeWholeIsExitCode1UnlessPartialIsAllowed() throws Exception {
    String away = "--writers=127.0.0.1:" + closedPort();
    Ended whole = box.tried("sql", away, "SELECT count(*) FROM traces");
    assertThat(whole.code()).isEqualTo(1);
    assertThat(whole.out()).isEmpty();
    assertThat(whole.errors().get(0)).contains("cannot be reached: connection refused");
    assertThat(whole.errors().get(1)).isEqualTo("(--allow-partial gives what can be read)");
    Ended partial =
        box.tried("sql", away, "--allow-partial", "--format=csv", "SELECT count(*) n FROM traces");
    assertThat(partial.code()).isZero();
    assertThat(partial.out()).containsExactly("n", "0");
    assertThat(partial.errors()).singleElement().asString().startsWith("not in the answer: ");
  }

  @Test
  void whatIsPersistedCannotBeReadIsOneSentenceAndPartialIsNotProposed() throws Exception {
    Path acks = directory.resolve("acks-away");
    box.run("load", "--signal=logs", "--requests=1", "--connections=1", "--audit=" + acks);
    String away = "--catalog.uri=jdbc:sqlite:" + catalogWithoutItsStore();
    for (Ended ended :
        List.of(
            box.tried("sql", away, "SELECT count(*) FROM traces"),
            box.tried("audit", away, acks.toString()))) {
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.errors())
          .singleElement()
          .asString()
          .contains(": cannot ", "/nowhere/v1.metadata.json");
    }
  }

  /** gRPC would log a stack trace. */
  @Test
  void writerOrEndpointOfNoSuchHostIsOneSentence() throws Exception {
    Ended read = box.tried("tail", "--writers=nosuch.invalid:1");
    assertThat(read.code()).isEqualTo(1);
    assertThat(read.errors())
        .singleElement()
        .asString()
        .contains("Writer nosuch.invalid:1 cannot be reached: Unable to resolve host");
    for (String protocol : List.of("grpc", "http/protobuf")) {
      Ended sent =
          box.tried(
              "replay",
              "--to=http://nosuch.invalid:1",
              "--protocol=" + protocol,
              "--give-up-after=3s");
      assertThat(sent.code()).isEqualTo(1);
      assertThat(sent.errors()).isNotEmpty().allMatch(line -> line.startsWith("sluice replay: "));
      assertThat(sent.errors().get(0))
          .containsAnyOf("nosuch.invalid: ", "the host cannot be found");
    }
  }

  /** As the box's, but for where the tables' metadata is. */
  private static Path catalogWithoutItsStore() throws Exception {
    Path copy = directory.resolve("copy.db");
    Path catalog = directory.resolve("data/catalog.db");
    try (Connection box = DriverManager.getConnection("jdbc:sqlite:" + catalog);
        Statement statement = box.createStatement()) {
      statement.execute("VACUUM INTO '" + copy + "'");
    }
    try (Connection away = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = away.createStatement()) {
      statement.execute(
          "UPDATE iceberg_tables SET metadata_location = '/nowhere/v1.metadata.json'");
    }
    return copy;
  }

  @Test
  void sqlIntoAPipeThatNobodyReadsOnEndsQuietly() throws Exception {
    List<String> words = new ArrayList<>(box.settings());
    words.addAll(List.of("--format=csv", "SELECT range AS n FROM range(3000000)"));
    String command =
        SluiceProcess.words("sql", words).stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    Ended ended =
        SluiceProcess.run(
            List.of("/bin/sh", "-c", "{ " + command + "; echo $? >&2; } | head -1"), "");
    assertThat(ended.out()).containsExactly("n");
    assertThat(ended.errors()).containsExactly("141");
  }

  @Test
  void loadSaysWhatWasAckedAndItsExitCodeWhetherThatIsAll() throws Exception {
    Ended all = box.tried("load", "--signal=logs", "--requests=2", "--batch=10", "--http");
    assertThat(all.code()).isZero();
    assertThat(all.out().get(0)).matches("acked 20 records in .* records/s, .* MB/s of OTLP");
    assertThat(all.out().get(1)).startsWith("ack ms: p50 ").contains(", p99 ");
    Ended none =
        box.tried(
            "load",
            "--requests=1",
            "--connections=1",
            "--grace=0",
            "--endpoint=127.0.0.1:" + closedPort());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.out().get(0)).startsWith("acked 0 records");
    Ended wrong = box.tried("load", "--signal=spans");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.errors().get(0)).startsWith("sluice load: cannot load signal: spans");
  }

  @Test
  void auditFileIsNeverOverwrittenAndAWrongOneIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("mine"), "precious");
    Ended load = box.tried("load", "--requests=1", "--audit=" + file);
    assertThat(load.code()).isNotZero();
    assertThat(load.errors()).anyMatch(line -> line.contains(file.toString()));
    assertThat(file).hasContent("precious");
    Ended audit = box.tried("audit", file.toString());
    assertThat(audit.code()).isEqualTo(1);
    assertThat(audit.out()).isEmpty();
    assertThat(audit.errors().get(0)).contains("audit file", file.toString());
    Ended none = box.tried("audit", directory.resolve("none").toString());
    assertThat(none.errors())
        .containsExactly(
            "sluice audit: " + directory.resolve("none") + ": no such file or directory");
  }

  @Test
  void secondBoxOnTheSameDataRefusesAndLeavesTheFirstOnesFilesAlone() throws Exception {
    Path log = directory.resolve("data/logs/writer.log");
    List<String> others = new ArrayList<>(SluiceProcess.freePorts());
    others.add("--data=" + directory.resolve("data"));
    long before = Files.size(log);
    Ended up = SluiceProcess.run("up", others);
    assertThat(up.code()).isEqualTo(2);
    assertThat(up.errors())
        .singleElement()
        .asString()
        .startsWith("sluice up: cannot open log: ")
        .contains("is in use by process");
    Ended writer = SluiceProcess.run("writer", others);
    assertThat(writer.code()).isEqualTo(2);
    assertThat(writer.errors())
        .contains("writer: cannot start: " + up.errors().get(0).substring("sluice up: ".length()));
    assertThat(writer.errors()).noneMatch(line -> line.startsWith("\tat "));
    Ended reset = SluiceProcess.run("reset", with(others, "--yes"));
    assertThat(reset.code()).isEqualTo(2);
    assertThat(reset.errors().get(0)).contains("cannot reset: a Writer has the data open");
    assertThat(Files.size(log)).isEqualTo(before);
    assertThat(box.sql("SELECT count(*) FROM traces")).containsExactly("3");
  }

  @Test
  void maintainSaysWhatItWouldDoAndDoesItBesideTheRunningWriter() throws Exception {
    box.run("flush");
    Path table = directory.resolve("data/warehouse/default/traces");
    Path stray = Files.writeString(table.resolve("data/stray.parquet"), "left by a crash");
    Files.setLastModifiedTime(stray, FileTime.from(Instant.now().minus(Duration.ofDays(4))));
    Ended said = box.tried("maintain", "--table=traces", "--tenant=default");
    assertThat(said.code()).isZero();
    assertThat(said.errors()).isEmpty();
    assertThat(said.out()).hasSize(4);
    assertThat(said.out().get(0)).startsWith("retention: rows are kept for ever");
    assertThat(said.out().get(1)).doesNotContain("files after");
    assertThat(said.out().get(2)).startsWith("default.traces ").contains("1, 15 B");
    assertThat(said.out().get(3))
        .isEqualTo("nothing was changed (run it again with --yes to do it)");
    assertThat(stray).exists();
    box.run("maintain", "--yes", "--only=retention,compaction");
    assertThat(stray).exists();
    List<String> done = box.run("maintain", "--yes", "--retention=default=9d");
    assertThat(done.get(0)).isEqualTo("retention: default=9d (--retention)");
    assertThat(done.get(1)).contains("files after");
    assertThat(stray).doesNotExist();
    assertThat(done)
        .hasSize(2 + Table.all().size())
        .anyMatch(line -> line.startsWith("default.metrics_gauge "));
    assertThat(box.sql("SELECT count(*) FROM traces")).containsExactly("3");
    Ended wrong = box.tried("maintain", "--table=trace");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.errors().get(0)).contains("cannot maintain table: trace (tables are [");
  }

  private static List<String> with(List<String> settings, String... more) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    return all;
  }

  private static void assertEnded(Ended ended, String... lines) {
    assertThat(ended.errors()).isEmpty();
    assertThat(ended.out()).containsExactly(lines);
    assertThat(ended.code()).isZero();
  }

  private static int closedPort() throws Exception {
    return FreePorts.one();
  }
}
