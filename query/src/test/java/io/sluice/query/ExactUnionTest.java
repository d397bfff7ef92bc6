package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are named by their position in the log: each must be there once, whatever moves. */
final class ExactUnionTest {

  @TempDir private Path directory;
  private Reading reading;

  @BeforeEach
  void open() throws Exception {
    reading = new Reading(directory);
  }

  @AfterEach
  void close() throws Exception {
    reading.close();
  }

  @Test
  void tableThatIsNotThereYetReadsAsEmptyWithItsColumns() throws Exception {
    assertThat(reading.csv("SELECT trace_id, attributes FROM traces"))
        .isEqualTo("trace_id,attributes\n");
    assertThat(reading.value("SELECT count(*) FROM logs")).isEqualTo("0");
  }

  @Test
  void rowsAreThereOnceWhileTheyAreBothHotAndPersisted() throws Exception {
    reading.lake.ensureTables("default");
    hot(1, 2, 3, 4);
    assertThat(names()).containsExactly("1", "2", "3", "4");
    persist(0, 2);
    assertThat(names()).containsExactly("1", "2", "3", "4");
    persist(2, 4);
    assertThat(names()).containsExactly("1", "2", "3", "4");
    assertThat(reading.writer.tickets.get(2).after()).containsEntry(reading.writer.log, 4L);
    assertThat(reading.writer.tickets)
        .as("as older Writers know them")
        .allMatch(ticket -> ticket.log() == null && !ticket.allowPartial());
  }

  @Test
  void flushBetweenSnapshotAndReadMakesNeitherGapNorDuplicate() throws Exception {
    reading.lake.ensureTables("default");
    hot(1, 2, 3);
    reading.writer.before(
        ticket -> {
          reading.writer.before(next -> {});
          persist(0, 2);
        });
    assertThat(names()).containsExactly("1", "2", "3");
  }

  @Test
  void readerWhoseSnapshotIsTooOldLoadsItAgain() throws Exception {
    reading.lake.ensureTables("default");
    hot(1, 2, 3);
    reading.writer.before(
        ticket -> {
          reading.writer.before(next -> {});
          persist(0, 2);
          reading.writer.letGo(2);
        });
    assertThat(names()).containsExactly("1", "2", "3");
    assertThat(reading.writer.tickets).hasSize(2);
  }

  @Test
  void reloadWithoutEndIsAnErrorAndNeverAShortAnswer() throws Exception {
    reading.lake.ensureTables("default");
    AtomicInteger reads = new AtomicInteger();
    reading.writer.before(
        ticket -> {
          reads.incrementAndGet();
          throw FakeWriter.refusal("reload");
        });
    assertThatThrownBy(this::names)
        .isInstanceOf(ReadException.class)
        .hasMessageStartingWith(
            "cannot read table traces of tenant default, log 0 (%s): "
                .formatted(reading.writer.log))
        .hasMessageContaining("refused: reload; so said 6 times")
        .hasMessageContaining("the table did not move on in the catalog");
    assertThat(reads).hasValue(6);
  }

  @Test
  void tableThatIsPersistedBeforeEachReadOfItIsAnErrorThatSaysSo() throws Exception {
    reading.lake.ensureTables("default");
    reading.writer.before(
        ticket -> {
          long mark = ticket.after().getOrDefault(reading.writer.log, 0L);
          persist(mark, mark + 1);
          reading.writer.letGo(mark + 1);
        });
    assertThatThrownBy(this::names)
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("persisted faster than it can be loaded here");
    assertThat(reading.writer.tickets).hasSize(6);
  }

  @Test
  void leaderThatIsNeverReadyIsAnErrorInItsWordsAfterSoManyTries() throws Exception {
    reading.lake.ensureTables("default");
    AtomicInteger reads = new AtomicInteger();
    reading.writer.before(
        ticket -> {
          reads.incrementAndGet();
          throw FakeWriter.refusal("leader");
        });
    assertThatThrownBy(this::names)
        .isInstanceOf(ReadException.class)
        .hasMessageStartingWith(
            "cannot read table traces of tenant default whole within PT10S: log 0 (%s): Writer %s says: refused: leader ("
                .formatted(reading.writer.log, reading.writer.address()));
    assertThat(reads).hasValueBetween(50, 60);
  }

  @Test
  void filesThatACompactionTookFromUnderTheReadAreLookedForInANewSnapshot() throws Exception {
    reading.lake.ensureTables("default");
    hot(1, 2, 3);
    persist(0, 2);
    AtomicInteger reads = new AtomicInteger();
    reading.writer.before(
        ticket -> {
          if (reads.incrementAndGet() <= 3) {
            compact(reads.get());
          }
        });
    assertThat(names()).containsExactly("1", "2", "3");
    assertThat(reads).hasValue(4);
  }

  @Test
  void filesThatAreGoneForGoodAreAnErrorByNameAfterAFewTries() throws Exception {
    reading.lake.ensureTables("default");
    hot(1, 2, 3);
    persist(0, 2);
    Path file = onlyFile();
    Files.delete(file);
    for (String sql :
        List.of("SELECT name FROM traces", "SELECT count(DISTINCT name) FROM traces")) {
      reading.writer.tickets.clear();
      assertThatThrownBy(() -> reading.csv(sql))
          .isInstanceOf(ReadException.class)
          .hasMessageContaining("cannot read table traces: " + file + " is gone");
      assertThat(reading.writer.tickets).hasSize(4);
    }
  }

  /** As another engine does, which expires what it replaced at once. */
  private void compact(int number) throws Exception {
    Path old = onlyFile();
    org.apache.iceberg.Table table = reading.iceberg(Table.TRACES);
    DataFile replaced;
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      replaced = tasks.iterator().next().file();
    }
    Path copy = Files.copy(old, old.resolveSibling("compacted-" + number + ".parquet"));
    table
        .newRewrite()
        .deleteFile(replaced)
        .addFile(
            DataFiles.builder(table.spec())
                .copy(replaced)
                .withPath(replaced.location().replace(name(old), name(copy)))
                .build())
        .commit();
    Files.delete(old);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private Path onlyFile() throws Exception {
    try (CloseableIterable<FileScanTask> tasks =
        reading.iceberg(Table.TRACES).newScan().planFiles()) {
      return Path.of(LocalFile.of("traces", tasks.iterator().next().file().location()));
    }
  }

  @Test
  void leaderThatIsNotReadyIsAskedAgain() throws Exception {
    reading.lake.ensureTables("default");
    hot(1);
    AtomicInteger reads = new AtomicInteger();
    reading.writer.before(
        ticket -> {
          if (reads.incrementAndGet() < 4) {
            throw FakeWriter.refusal("leader");
          }
        });
    assertThat(names()).containsExactly("1");
  }

  @Test
  void streamThatFailsOnTheWayIsAnErrorInTheWritersWords() throws Exception {
    reading.lake.ensureTables("default");
    hot(1, 2, 3);
    reading.writer.failAfter(2);
    for (String sql :
        List.of(
            "SELECT name FROM traces",
            "SELECT count(*) FROM traces",
            "SELECT a.name FROM traces a JOIN traces b USING (name)")) {
      assertThatThrownBy(() -> reading.csv(sql))
          .isInstanceOf(ReadException.class)
          .hasMessageStartingWith("cannot go on reading table traces of tenant default, log 0 (")
          .hasMessageContaining("slow-reader")
          .hasMessageEndingWith("(rows until then are not all: run it again)");
    }
  }

  @Test
  void writerThatFallsSilentBeforeItsRowsOrAmongThemEndsTheReadInASentence() throws Exception {
    reading.lake.ensureTables("default");
    hot(1, 2, 3);
    CountDownLatch over = new CountDownLatch(1);
    try (Writers impatient =
        Writers.at(List.of(reading.writer.address()), reading.allocator, Duration.ofSeconds(3))) {
      TableReader reader =
          new TableReader(reading.lake, impatient, reading.allocator, false, Duration.ZERO);
      reading.writer.before(ticket -> over.await());
      assertSilence(reader);
      reading.writer.before(ticket -> {});
      reading.writer.beforeSecondRow(ticket -> over.await());
      assertSilence(reader);
    } finally {
      over.countDown();
    }
  }

  private void assertSilence(TableReader reader) {
    assertThatThrownBy(
            () -> {
              try (SqlResult result =
                  reading.session.run("SELECT name FROM traces", reader, "default")) {
                ResultFormat.CSV.write(result, new StringBuilder());
              }
            })
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("Writer " + reading.writer.address() + " did not answer in time")
        .hasMessageContaining("nothing came for PT3S");
  }

  @Test
  void rowsAreFoundInADirectoryOfAnyName() throws Exception {
    boolean umlauts =
        Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode('\u00fc');
    Path odd = Files.createDirectory(directory.resolve(umlauts ? "a b \u00fc%20" : "a b %20"));
    reading.close();
    reading = new Reading(odd);
    reading.lake.ensureTables("default");
    hot(1, 2, 3);
    persist(0, 2);
    assertThat(names()).containsExactly("1", "2", "3");
    assertThat(odd.resolve("warehouse")).isNotEmptyDirectory();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(reading.iceberg(Table.TRACES)).build()) {
      assertThat(rows).hasSize(2);
    }
  }

  @Test
  void writerThatIsAwayIsNamedUnlessPartialIsAllowed() throws Exception {
    reading.lake.ensureTables("default");
    persist(0, 2);
    HostPort away = new HostPort("127.0.0.1", FreePorts.one());
    try (Writers none = Writers.at(List.of(away), reading.allocator)) {
      TableReader whole = new TableReader(reading.lake, none, reading.allocator, false);
      assertThatThrownBy(() -> reading.session.run("SELECT * FROM traces", whole, "default"))
          .isInstanceOf(ReadException.class)
          .hasMessageContaining("Writer " + away + " cannot be reached: connection refused");
      TableReader partial = new TableReader(reading.lake, none, reading.allocator, true);
      try (SqlResult result =
          reading.session.run("SELECT count(*) FROM traces", partial, "default")) {
        StringBuilder out = new StringBuilder();
        ResultFormat.CSV.write(result, out);
        assertThat(out).hasToString("count_star()\n2\n");
        assertThat(result.missing()).singleElement().asString().contains("all logs");
      }
    }
  }

  @Test
  void logWhoseLeaderIsAwayIsMissingByItsIdAndTheOthersAreRead() throws Exception {
    reading.lake.ensureTables("default");
    hot(1);
    String other = "00000000-0000-0000-0000-000000000001";
    String logs =
        "{\"v\":1,\"logs\":[{\"number\":0,\"id\":\"%s\",\"leader\":\"%s\"},{\"number\":1,\"id\":\"%s\",\"leads\":false,\"leader\":\"127.0.0.1:1\"}]}"
            .formatted(reading.writer.log, reading.writer.address(), other);
    reading.writer.answers(logs);
    List<HostPort> two = List.of(reading.writer.address(), new HostPort("127.0.0.1", 1));
    try (Writers writers = Writers.at(two, reading.allocator)) {
      TableReader whole =
          new TableReader(reading.lake, writers, reading.allocator, false, Duration.ZERO);
      assertThatThrownBy(() -> whole.open("default", Table.TRACES, ColumnSet.ALL))
          .isInstanceOf(ReadException.class);
      TableReader partial =
          new TableReader(reading.lake, writers, reading.allocator, true, Duration.ZERO);
      try (TableRead read = partial.open("default", Table.TRACES, ColumnSet.ALL)) {
        assertThat(read.hot()).hasSize(1);
        assertThat(read.missing()).singleElement().asString().contains("log 1 (" + other);
      }
    }
  }

  @Test
  void writerThatRefusesAnActionSpeaksForItself() {
    reading.writer.refuses(FakeWriter.refusal("later"));
    assertThatThrownBy(
            () -> reading.writers.unpark(reading.writer.address(), "default", Table.TRACES))
        .isInstanceOf(ReadException.class)
        .hasMessage("refused: later");
  }

  @Test
  void listOfLogsWithAHoleIsRefused() throws Exception {
    reading.writer.answers(
        "{\"v\":1,\"logs\":[{\"number\":1,\"id\":\"%s\",\"leader\":\"a:1\"}]}"
            .formatted(reading.writer.log));
    assertThatThrownBy(this::names)
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("log 0: no Writer that answers holds it (");
  }

  @Test
  void writerThatServesAnotherLogIsRefused() throws Exception {
    reading.writer.answers(
        "{\"v\":1,\"logs\":[{\"number\":0,\"id\":\"00000000-0000-0000-0000-000000000001\",\"leader\":\"a:1\"}]}");
    assertThatThrownBy(this::names)
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("serves log " + reading.writer.log);
  }

  private void hot(long... positions) {
    for (long position : positions) {
      reading.writer.add(Table.TRACES, position, row(position));
    }
  }

  private void persist(long from, long to) throws Exception {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (long position = from + 1; position <= to; position++) {
      rows.add(row(position));
    }
    reading.persist(Table.TRACES, from, to, rows);
  }

  private static Map<String, Object> row(long position) {
    Map<String, Object> row = new HashMap<>();
    row.put("time", TestRows.NOON);
    row.put("name", Long.toString(position));
    return row;
  }

  private List<String> names() throws Exception {
    return reading.csv("SELECT name FROM traces ORDER BY name").lines().skip(1).toList();
  }
}
