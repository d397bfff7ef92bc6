package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all leaders are to do, such as to flush, is done in each log by who leads it. */
final class LeadersTest {

  private static final Duration WAIT = Duration.ofSeconds(10);

  private final ManualClock clock = new ManualClock();
  private final BufferAllocator allocator = new RootAllocator();
  private final List<HostPort> done = new ArrayList<>();
  private final List<ReadException> failures = new ArrayList<>();
  private FakeCluster cluster;
  private Writers writers;

  @BeforeEach
  void open() throws Exception {
    cluster = new FakeCluster(3, allocator);
    writers = Writers.at(cluster.addresses(), allocator);
  }

  @AfterEach
  void close() {
    writers.close();
    cluster.close();
    allocator.close();
  }

  @Test
  void eachWriterThatLeadsIsAskedOnceAndOthersAreNot() throws Exception {
    cluster.log(2).ledBy(0);
    flush();
    assertThat(done).containsExactlyInAnyOrder(at(0), at(1));
    assertThat(failures).isEmpty();
  }

  @Test
  void whoTakesALeadWhileItIsDoneDoesItToo() throws Exception {
    cluster.writer(1).beforeDeed(() -> cluster.log(1).ledBy(2));
    flush();
    assertThat(done).containsExactly(at(0), at(1), at(2), at(2));
  }

  @Test
  void leaderThatIsLostIsWaitedForUntilAnotherLeads() throws Exception {
    cluster.kill(1);
    clock.at(Duration.ofSeconds(1), () -> cluster.log(1).ledBy(0));
    flush();
    assertThat(done).containsExactly(at(0), at(2), at(0));
    assertThat(clock.passed()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void logsWithoutALeaderAreNamedWhenTheOthersAreDone() {
    cluster.kill(1);
    cluster.log(2).ledBy(FakeLog.NOBODY);
    assertThatThrownBy(this::flush)
        .isInstanceOf(ReadException.class)
        .hasMessageStartingWith(
            "cannot flush all logs within PT10S: log 1 (%s): Writer %s cannot be reached: connection refused; log 2 (%s): no Writer that answers knows who leads it; Writer %s cannot be reached",
            cluster.log(1).id, at(1), cluster.log(2).id, at(1));
    assertThat(done).containsExactly(at(0));
    assertThat(clock.passed()).isEqualTo(WAIT);
  }

  @Test
  void logWithoutALeaderIsNotPassedOverThoughAllThatLeadHaveDoneIt() {
    cluster.log(2).ledBy(FakeLog.NOBODY);
    assertThatThrownBy(this::flush)
        .isInstanceOf(ReadException.class)
        .hasMessageContaining(
            "PT10S: log 2 (%s): no Writer that answers knows who leads it (", cluster.log(2).id);
    assertThat(done).containsExactly(at(0), at(1));
  }

  @Test
  void leaderThatCannotDoesNotKeepOthersFromIt() throws Exception {
    cluster
        .writer(0)
        .beforeDeed(
            () -> {
              throw FakeWriter.refusal("later");
            });
    flush();
    assertThat(done).containsExactly(at(1), at(2));
    assertThat(failures)
        .singleElement()
        .hasToString("io.sluice.query.ReadException: refused: later");
  }

  @Test
  void unparkingIsDoneByEachLogsLeader() throws Exception {
    List<String> said = new ArrayList<>();
    new Leaders(writers, WAIT, clock)
        .all(
            "unpark",
            leader -> said.add(writers.unpark(leader, "default", Table.TRACES)),
            failures::add);
    assertThat(said).containsExactly("done by 0", "done by 1", "done by 2");
  }

  private void flush() throws Exception {
    new Leaders(writers, WAIT, clock)
        .all(
            "flush",
            leader -> {
              assertThat(writers.flush(leader)).hasSize(1);
              done.add(leader);
            },
            failures::add);
  }

  private HostPort at(int writer) {
    return cluster.writer(writer).address();
  }
}
