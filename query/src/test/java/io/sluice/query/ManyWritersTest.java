package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three logs on three Writers, of which each leads one. Log n has rows 10n+1 to 10n+3: each must be
 * there once, whoever leads, or there is no answer.
 */
final class ManyWritersTest {

  private static final String[] ALL = {"1", "2", "3", "11", "12", "13", "21", "22", "23"};
  private static final String NAMES = "SELECT name FROM traces ORDER BY name::INT";

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock();
  private Reading reading;
  private FakeCluster cluster;
  private Writers writers;

  @BeforeEach
  void open() throws Exception {
    reading = new Reading(directory);
    reading.lake.ensureTables("default");
    cluster = new FakeCluster(3, reading.allocator);
    for (FakeLog log : cluster.logs) {
      for (int position = 1; position <= 3; position++) {
        log.add(Table.TRACES, position, row(log.number, position));
      }
    }
    writers = Writers.at(cluster.addresses(), reading.allocator);
  }

  @AfterEach
  void close() throws Exception {
    writers.close();
    cluster.close();
    reading.close();
  }

  @Test
  void eachLogIsReadAtItsLeaderByItsIdFromItsOwnMark() throws Exception {
    persist(1, 0, 2);
    assertThat(names()).containsExactly(ALL);
    for (FakeLog log : cluster.logs) {
      assertThat(cluster.writer(log.number).tickets)
          .singleElement()
          .satisfies(ticket -> assertThat(ticket.log()).isEqualTo(log.id))
          .satisfies(ticket -> assertThat(ticket.allowPartial()).isFalse())
          .satisfies(ticket -> assertThat(ticket.after()).isEqualTo(Map.of(cluster.log(1).id, 2L)));
    }
    assertThat(clock.passed()).isZero();
  }

  @Test
  void leadThatMovesBetweenTheQuestionAndTheReadIsFollowed() throws Exception {
    cluster
        .writer(0)
        .beforeRead(
            () -> {
              cluster.log(0).ledBy(2);
              cluster.writer(0).beforeRead(() -> {});
            });
    assertThat(names()).containsExactly(ALL);
    assertThat(cluster.writer(1).tickets).as("what is pinned stays so").hasSize(1);
    assertThat(cluster.writer(2).tickets).hasSize(2);
    assertThat(clock.passed()).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void writerThatIsAwayIsNotMissedOnceOthersNameTheNewLeader() throws Exception {
    cluster.kill(1);
    cluster.log(1).ledBy(0);
    assertThat(names()).containsExactly(ALL);
    assertThat(clock.passed()).isZero();
  }

  @Test
  void deadLeaderThatOthersStillNameIsWaitedForUntilThereIsANewOne() throws Exception {
    cluster.kill(1);
    clock.at(Duration.ofSeconds(1), () -> cluster.log(1).ledBy(2));
    assertThat(names()).containsExactly(ALL);
    assertThat(clock.passed()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_500));
  }

  @Test
  void logWithoutALeaderIsWaitedFor() throws Exception {
    cluster.log(2).ledBy(FakeLog.NOBODY);
    clock.at(Duration.ofSeconds(1), () -> cluster.log(2).ledBy(0));
    assertThat(names()).containsExactly(ALL);
    assertThat(clock.passed()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_500));
    assertThat(cluster.reads()).as("the others are opened once").isEqualTo(3);
  }

  @Test
  void logsThatNobodyEverLeadsAreNamedWithWhatWasSaidByWhom() throws Exception {
    cluster.log(0).ledBy(FakeLog.NOBODY);
    cluster.writer(2).beforeRead(() -> cluster.log(2).ledBy(1));
    cluster.writer(1).beforeRead(() -> refuseLogTwo());
    assertThatThrownBy(this::names)
        .isInstanceOf(HotRowsAwayException.class)
        .hasMessage(
            "cannot read table traces of tenant default whole within PT10S: log 0 (%s): no Writer that answers knows who leads it; log 2 (%s): Writer %s says: refused: leader ('sluice status' shows Writers and logs: run it again later, or let it wait longer with read.wait)",
            cluster.log(0).id, cluster.log(2).id, cluster.writer(1).address());
    assertThat(clock.passed()).isEqualTo(Reading.WAIT);
  }

  /** Writer 1 can never confirm that it leads log 2; log 1 is well. */
  private void refuseLogTwo() {
    List<io.sluice.schema.wire.ReadTicket> tickets = cluster.writer(1).tickets;
    if (cluster.log(2).id.equals(tickets.get(tickets.size() - 1).log())) {
      throw FakeWriter.refusal("leader");
    }
  }

  @Test
  void leadersOwnWordCountsBeforeThatOfOthersInTheSameTerm() throws Exception {
    cluster.log(0).ledBy(2);
    ClusterLogs logs = writers.logsOfAll();
    assertThat(logs.logs()).allMatch(ClusterLog::claimed);
    cluster.kill(2);
    assertThat(writers.logsOfAll().logs())
        .extracting(ClusterLog::claimed)
        .containsExactly(false, true, false);
  }

  @Test
  void claimOfAnEarlierTermIsNotBelieved() throws Exception {
    FakeLog log = cluster.log(0);
    log.ledBy(1);
    String itself = cluster.writer(0).address().toString();
    cluster.writer(0).claims.put(0, FakeMember.claim(log, log.term - 1, true, itself));
    ClusterLogs logs = writers.logsOfAll();
    assertThat(logs.place(0).leader()).isEqualTo(cluster.writer(1).address());
    assertThat(names()).containsExactly(ALL);
  }

  @Test
  void leaderThatDoesNotKnowYetThatItIsNoneOnlyCostsAnotherLook() throws Exception {
    FakeLog log = cluster.log(0);
    String itself = cluster.writer(0).address().toString();
    cluster.writer(0).claims.put(0, FakeMember.claim(log, log.term, true, itself));
    cluster.writer(2).claims.put(0, FakeMember.claim(log, log.term, false, itself));
    log.ledBy(1);
    CountDownLatch refused = new CountDownLatch(1);
    cluster.writer(1).beforeLogs(refused::await); // its answer is the later one
    cluster
        .writer(0)
        .beforeRead(
            () -> {
              refused.countDown();
              throw FakeWriter.refusal("leader");
            });
    cluster.writer(1).claims.put(1, FakeMember.claim(cluster.log(1), 1, false, ""));
    cluster.writer(2).claims.put(1, FakeMember.claim(cluster.log(1), 1, true, ""));
    cluster.log(1).leader = 2;
    assertThat(names()).containsExactly(ALL);
    assertThat(cluster.writer(0).tickets).hasSize(1);
  }

  @Test
  void writerThatSaysNothingIsNotWaitedForWhereItIsNotNeeded() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try {
      cluster.writer(1).beforeLogs(FakeMember.silence(end));
      cluster.log(1).ledBy(0);
      assertThat(names()).containsExactly(ALL);
    } finally {
      end.countDown();
    }
  }

  @Test
  void leaderThatSaysNothingIsGivenUpForTheOneThatIsElected() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Writers impatient =
        Writers.at(cluster.addresses(), reading.allocator, Duration.ofSeconds(1))) {
      cluster.writer(1).beforeLogs(FakeMember.silence(end));
      cluster.writer(1).beforeRead(FakeMember.silence(end));
      clock.at(Duration.ofMillis(100), () -> cluster.log(1).ledBy(0));
      assertThat(
              names(
                  new TableReader(
                      reading.lake, impatient, reading.allocator, false, Reading.WAIT, clock)))
          .containsExactly(ALL);
    } finally {
      end.countDown();
    }
  }

  @Test
  void leaderThatDiesAmongItsRowsIsAWholeAnswerFromTheNext() throws Exception {
    for (String sql :
        List.of(
            "SELECT count(*), sum(name::INT) FROM traces",
            "SELECT count(*), sum(a.name::INT) FROM traces a JOIN traces b USING (name)")) {
      cluster.log(1).ledBy(1);
      cluster
          .writer(1)
          .afterRows(
              2,
              () -> {
                cluster.log(1).ledBy(2);
                throw FakeMember.lost();
              });
      assertThat(csv(sql, reader(false))).endsWith("\n9,108\n");
    }
    cluster.log(1).ledBy(1);
    assertThat(names()).containsExactly(ALL);
  }

  @Test
  void leaderThatDiesBehindTheFirstRowsOfASmallAnswerIsNotNoticedEither() throws Exception {
    CountDownLatch handedOut = new CountDownLatch(1);
    cluster
        .writer(1)
        .afterRows(
            2,
            () -> {
              cluster.log(1).ledBy(2);
              boolean early = handedOut.await(1, TimeUnit.SECONDS); // if so, it is too late
              assertThat(early).as("rows were handed out").isFalse();
              throw FakeMember.lost();
            });
    StringBuilder out = new StringBuilder();
    try (SqlResult result =
        reading.session.run("SELECT name FROM traces", reader(false), "default")) {
      handedOut.countDown();
      ResultFormat.CSV.write(result, out);
    }
    assertThat(out.toString().lines().skip(1)).containsExactlyInAnyOrder(ALL);
  }

  @Test
  void leadersThatDieAmongTheirRowsAgainAndAgainAreAnErrorAndNeverAShortAnswer() throws Exception {
    AtomicInteger deaths = new AtomicInteger();
    cluster
        .writer(1)
        .afterRows(
            2,
            () -> {
              deaths.incrementAndGet();
              throw FakeMember.lost();
            });
    StringBuilder out = new StringBuilder();
    assertThatThrownBy(() -> run("SELECT name FROM traces", reader(false), out))
        .isInstanceOf(ReadException.class)
        .hasMessageStartingWith("cannot go on reading table traces of tenant default, log 1 (")
        .hasMessageContaining("Writer " + cluster.writer(1).address() + " cannot be reached")
        .hasMessageEndingWith("(rows until then are not all: run it again)");
    assertThat(out.toString()).isEmpty();
    assertThat(deaths).hasValue(4);
  }

  @Test
  void leaderThatDiesWhenRowsWereHandedOutIsAnError() throws Exception {
    for (int position = 4; position <= 10_000; position++) {
      Map<String, Object> row = row(1, position);
      row.put("name", "long".repeat(250));
      cluster.log(1).add(Table.TRACES, 4, row);
    }
    cluster.writer(1).batch(100);
    cluster
        .writer(1)
        .afterRows(
            9_900,
            () -> {
              throw FakeMember.lost();
            });
    StringBuilder out = new StringBuilder();
    assertThatThrownBy(() -> run("SELECT name FROM traces", reader(false), out))
        .isInstanceOf(ReadException.class)
        .hasMessageEndingWith("(rows until then are not all: run it again)");
    assertThat(out.toString().lines().count()).isBetween(2_000L, 9_999L);
    assertThat(cluster.writer(1).tickets).hasSize(1);
  }

  @Test
  void newLeaderThatWantsANewerSnapshotGetsAllBegunAnew() throws Exception {
    cluster
        .writer(0)
        .beforeRead(
            () -> {
              cluster.writer(0).beforeRead(() -> {});
              persist(0, 0, 2);
              cluster.log(0).letGo(2);
              cluster.log(0).ledBy(1);
            });
    assertThat(names()).containsExactly(ALL);
    assertThat(cluster.writer(2).tickets).as("opened again for the new snapshot").hasSize(2);
    assertThat(cluster.writer(2).tickets.get(1).after()).containsEntry(cluster.log(0).id, 2L);
  }

  @Test
  void snapshotThatIsTooOldForOneLogGivesUpWhatWasStartedInTheOthers() throws Exception {
    cluster
        .writer(0)
        .beforeRead(
            () -> {
              cluster.writer(0).beforeRead(() -> {});
              persist(0, 0, 2);
              cluster.log(0).letGo(2);
            });
    assertThat(names()).containsExactly(ALL);
    assertThat(cluster.writers).allSatisfy(writer -> assertThat(writer.tickets).hasSize(2));
  }

  @Test
  void logThatNoReachableWriterHoldsIsMissedByItsNumber() throws Exception {
    cluster.kill(2);
    cluster.writer(0).claims.put(2, "");
    cluster.writer(1).claims.put(2, "");
    assertThatThrownBy(this::names)
        .isInstanceOf(HotRowsAwayException.class)
        .hasMessageContaining(
            "PT10S: log 2: no Writer that answers holds it; Writer %s cannot be reached: connection refused (",
            cluster.writer(2).address());
  }

  @Test
  void partialAnswerLacksTheLogThatIsAwayAndNamesIt() throws Exception {
    cluster.kill(1);
    cluster.log(1).ledBy(FakeLog.NOBODY);
    List<MissingLog> missing = new ArrayList<>();
    assertThat(names(reader(true), missing)).containsExactly("1", "2", "3", "21", "22", "23");
    assertThat(missing)
        .singleElement()
        .satisfies(log -> assertThat(log.number()).isEqualTo(1))
        .satisfies(log -> assertThat(log.id()).isEqualTo(cluster.log(1).id))
        .satisfies(
            log ->
                assertThat(log.why())
                    .startsWith("no Writer that answers knows who leads it; Writer ")
                    .contains(cluster.writer(1).address() + " cannot be reached"));
    assertThat(clock.passed()).as("a whole answer is waited for").isEqualTo(Reading.WAIT);
  }

  @Test
  void partialAnswerHasWhatAReplicaAppliedAndSaysSo() throws Exception {
    cluster.kill(1);
    cluster.log(1).ledBy(FakeLog.NOBODY);
    cluster.writer(0).partial.put(1, 1L); // asked only if the one that has more gives nothing
    cluster.writer(2).partial.put(1, 2L);
    List<MissingLog> missing = new ArrayList<>();
    assertThat(names(reader(true), missing))
        .containsExactly("1", "2", "3", "11", "12", "21", "22", "23");
    assertThat(missing)
        .singleElement()
        .asString()
        .startsWith("log 1 (" + cluster.log(1).id + "): no Writer")
        .endsWith(
            "; what Writer %s has up to position 2 is in the answer: it does not lead"
                .formatted(cluster.writer(2).address()));
  }

  @Test
  void replicaThatIsBehindTheTableAddsNothing() throws Exception {
    persist(1, 0, 3);
    cluster.kill(1);
    cluster.log(1).ledBy(FakeLog.NOBODY);
    cluster.writer(2).partial.put(1, 2L);
    List<MissingLog> missing = new ArrayList<>();
    assertThat(names(reader(true), missing)).containsExactly(ALL);
    assertThat(missing)
        .singleElement()
        .asString()
        .contains("only up to 2, the table has it up to 3");
  }

  @Test
  void wholeAnswerIsWholeWherePartialOnesAreAllowed() throws Exception {
    cluster.writer(2).partial.put(1, 2L);
    List<MissingLog> missing = new ArrayList<>();
    assertThat(names(reader(true), missing)).containsExactly(ALL);
    assertThat(missing).isEmpty();
  }

  @Test
  void allWritersAwayIsOneSentence() {
    cluster.close();
    assertThatThrownBy(this::names)
        .isInstanceOf(HotRowsAwayException.class)
        .hasMessageStartingWith(
            "cannot read table traces of tenant default whole within PT10S: all logs: Writer %s cannot be reached: connection refused; Writer %s cannot be reached",
            cluster.writer(0).address(), cluster.writer(1).address());
  }

  @Test
  void writersOfOtherClustersAreRefusedByName() throws Exception {
    FakeLog other = new FakeLog(1);
    cluster.writer(2).claims.put(1, FakeMember.claim(other, 9, false, ""));
    assertThatThrownBy(() -> writers.logsOfAll())
        .isInstanceOf(ReadException.class)
        .hasMessageContaining("log 1 is %s by some Writers and %s", cluster.log(1).id, other.id);
  }

  @Test
  void twoLoneWritersAreNoClusterAndNeverHalfOfAnAnswer() throws Exception {
    try (FakeWriter other = new FakeWriter(reading.allocator);
        Writers both =
            Writers.at(List.of(reading.writer.address(), other.address()), reading.allocator)) {
      TableReader reader =
          new TableReader(reading.lake, both, reading.allocator, false, Reading.WAIT, clock);
      assertThatThrownBy(() -> names(reader))
          .isInstanceOf(ReadException.class)
          .hasMessageContaining(
              "log 0 is %s by some Writers and %s by Writer %s (are all of one cluster?",
              reading.writer.log, other.log, other.address());
    }
  }

  @Test
  void addressThatWasReachedIsTakenForTheOneThatOthersName() throws Exception {
    HostPort alias = new HostPort("localhost", cluster.writer(2).address().port());
    List<HostPort> addresses =
        List.of(cluster.writer(0).address(), cluster.writer(1).address(), alias);
    try (Writers other = Writers.at(addresses, reading.allocator)) {
      assertThat(other.logsOfAll().place(2).leader()).isEqualTo(alias);
    }
    cluster.writer(2).claims.put(2, FakeMember.claim(cluster.log(2), 1, false, ""));
    try (Writers other = Writers.at(addresses, reading.allocator)) {
      assertThat(other.logsOfAll().place(2).leader()).isEqualTo(alias);
    }
  }

  private TableReader reader(boolean allowPartial) {
    return new TableReader(
        reading.lake, writers, reading.allocator, allowPartial, Reading.WAIT, clock);
  }

  private void persist(int log, long from, long to) throws Exception {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int position = (int) from + 1; position <= to; position++) {
      rows.add(row(log, position));
    }
    reading.persist(cluster.log(log).id, Table.TRACES, from, to, rows);
  }

  private static Map<String, Object> row(int log, int position) {
    Map<String, Object> row = new HashMap<>();
    row.put("time", TestRows.NOON);
    row.put("name", Integer.toString(10 * log + position));
    return row;
  }

  private List<String> names() throws Exception {
    return names(reader(false));
  }

  private List<String> names(TableReader reader) throws Exception {
    return csv(NAMES, reader).lines().skip(1).toList();
  }

  private List<String> names(TableReader reader, List<MissingLog> missing) throws Exception {
    StringBuilder out = new StringBuilder();
    missing.addAll(run(NAMES, reader, out));
    return out.toString().lines().skip(1).toList();
  }

  private String csv(String sql, TableReader reader) throws Exception {
    StringBuilder out = new StringBuilder();
    run(sql, reader, out);
    return out.toString();
  }

  private List<MissingLog> run(String sql, TableReader reader, StringBuilder out) throws Exception {
    try (SqlResult result = reading.session.run(sql, reader, "default")) {
      ResultFormat.CSV.write(result, out);
      return result.missing();
    }
  }
}
