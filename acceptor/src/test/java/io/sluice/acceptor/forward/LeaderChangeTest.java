package io.sluice.acceptor.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.FakeCluster;
import io.sluice.acceptor.FakeWriter;
import io.sluice.acceptor.FakeWriter.Put;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages find who leads their log, whatever Writers say, or do not. */
@Timeout(300)
final class LeaderChangeTest {

  private static final ForwardLimits LIMITS = new ForwardLimits(1 << 20, 4 << 20, 16 << 20, false);
  private static final long LONG = 60_000;
  private static final Delivery STORED = new Delivery.Stored(false);

  private FakeCluster cluster;
  private ForwarderHarness harness;

  @BeforeEach
  void start() throws Exception {
    cluster = new FakeCluster(3, 1);
    harness = new ForwarderHarness(1, cluster.addresses(), LIMITS, 256 << 20);
    harness.awaitConnected(3);
  }

  /** Also the check that no buffer leaks: the allocator would say so. */
  @AfterEach
  void stop() {
    harness.close();
    cluster.close();
  }

  private static Delivery await(CompletableFuture<Delivery> delivery) throws Exception {
    return delivery.get(60, TimeUnit.SECONDS);
  }

  private void assertSentTheSameEachTime() {
    assertThat(cluster.sent().stream().map(PutMetadata.Batch::id)).doesNotHaveDuplicates();
  }

  @Test
  void namedLeaderIsFollowedAtOnceByAllStreamsOfTheLog() throws Exception {
    assertThat(await(harness.forward("a", 1, 1, LONG))).isEqualTo(STORED);
    assertThat(await(harness.forward("b", 2, 1, LONG))).isEqualTo(STORED);
    cluster.elect(0, 2);
    assertThat(await(harness.forward("a", 3, 1, LONG))).isEqualTo(STORED);
    assertThat(await(harness.forward("b", 4, 1, LONG))).isEqualTo(STORED);
    assertThat(await(harness.forward("c", 5, 1, LONG))).isEqualTo(STORED);
    assertThat(cluster.notLed()).describedAs("one stream asks for all").isEqualTo(1);
    assertThat(cluster.writer(1).putsWaiting()).isZero();
    assertThat(harness.counter("sluice_forward_leader_changes_total", "by=\"answer\"")).isOne();
    assertThat(harness.counter("sluice_forward_resent_total", "reason=\"leader\"")).isOne();
    assertSentTheSameEachTime();
  }

  @Test
  void leaderThatNobodyNamesIsAskedFor() throws Exception {
    cluster.names(false);
    cluster.elect(0, 2);
    assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(STORED);
    assertThat(harness.counter("sluice_forward_leader_queries_total")).isPositive();
  }

  @Test
  void leaderThatNobodyTellsIsFoundInTurn() throws Exception {
    cluster.names(false);
    cluster.tells(false);
    cluster.elect(0, 2);
    assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(STORED);
    assertThat(harness.counter("sluice_forward_leader_changes_total", "by=\"turn\"")).isPositive();
  }

  /** One message at a time would be thousands a second. */
  private void assertNotOverrun(long startNanos) throws Exception {
    double messages = harness.counter("sluice_forward_messages_total");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    assertThat(messages).isLessThan(10 + millis / 10.0);
  }

  @Test
  void whileNobodyLeadsNobodyIsOverrun() throws Exception {
    cluster.deposeAll();
    long start = System.nanoTime();
    CompletableFuture<Delivery> delivery = harness.forward(1, 1, LONG);
    harness.awaitCounter("sluice_forward_leader_queries_total", 10);
    assertNotOverrun(start);
    assertThat(delivery).isNotDone();
    cluster.elect(0, 1);
    assertThat(await(delivery)).isEqualTo(STORED);
  }

  @Test
  void writersThatPointAtEachOtherAreNotOverrunAndTheThirdIsTried() throws Exception {
    cluster.tells(false);
    cluster.deposeAll();
    String first = cluster.writer(0).address().toString();
    cluster.writer(0).onPut(put -> put.notLeader(cluster.writer(1).address().toString()));
    cluster.writer(1).onPut(put -> put.notLeader(first));
    long start = System.nanoTime();
    CompletableFuture<Delivery> delivery = harness.forward(1, 1, LONG);
    harness.awaitCounter("sluice_forward_leader_queries_total", 10);
    assertNotOverrun(start);
    assertThat(cluster.notLed()).describedAs("the third had its turns").isPositive();
    cluster.elect(0, 2);
    assertThat(await(delivery)).isEqualTo(STORED);
  }

  @Test
  void leaderMayBeAWriterThatIsNotConfigured() throws Exception {
    try (FakeWriter fourth = new FakeWriter()) {
      cluster.deposeAll(); // that those who are configured know of
      cluster.writer(0).onPut(put -> put.notLeader(fourth.address().toString()));
      assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(STORED);
      assertThat(fourth.storedBatches()).isOne();
      fourth.stop();
      cluster.elect(0, 1);
      assertThat(await(harness.forward(2, 1, LONG))).isEqualTo(STORED);
    }
  }

  @Test
  void whatIsNamedAndNoAddressIsNobody() throws Exception {
    cluster.tells(false);
    cluster.elect(0, 1);
    cluster.writer(0).onPut(put -> put.notLeader("the moon"));
    assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(STORED);
  }

  /** An error, as of a Writer that does not have the log, says as little as a message too large. */
  @Test
  void writerThatEndsTheStreamIsLeftIfAnotherLeads() throws Exception {
    cluster.elect(0, 2);
    cluster.writer(0).onPut(Put::loseStream);
    assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(STORED);
    assertThat(harness.counter("sluice_forward_leader_changes_total", "by=\"asked\"")).isOne();
    assertThat(harness.counter("sluice_forward_abandoned_total")).isZero();
  }

  @Test
  void writerThatCanTakeNothingIsLeftIfAnotherLeads() throws Exception {
    cluster
        .writer(0)
        .onPut(
            put -> {
              cluster.elect(0, 2);
              put.answer(
                  PutAnswer.refused(
                      PutAnswer.Want.WRITER, put.metadata().sequence(), 30_000, "stopping"));
            });
    assertThat(harness.forward(1, 1, LONG).get(20, TimeUnit.SECONDS)).isEqualTo(STORED);
  }

  /** Half of what was on its way was stored, and nobody was told. */
  @Test
  void messagesOfALeaderThatDiesAreSentToTheNextWithTheSameIds() throws Exception {
    List<Put> held = new ArrayList<>();
    cluster.writer(0).onPut(put -> held.add(put));
    CompletableFuture<Delivery> one = harness.forward(1, 2, LONG);
    Put first = cluster.writer(0).nextPut();
    CompletableFuture<Delivery> gathered = harness.forward(2, 2, LONG);
    cluster.store(first);
    cluster.writer(0).stop();
    cluster.elect(0, 1);
    assertThat(await(one)).isEqualTo(new Delivery.Stored(true));
    assertThat(await(gathered)).isEqualTo(STORED);
    assertThat(harness.counter("sluice_forward_resent_total", "reason=\"lost\"")).isPositive();
    assertThat(harness.counter("sluice_forward_abandoned_total")).isZero();
    assertSentTheSameEachTime();
  }

  /** With one message alone on its stream each time: that is no message that kills Writers. */
  @Test
  void electionsInARowAreNotTheMessagesFault() throws Exception {
    for (int i = 0; i < 3; i++) {
      cluster.writer(i).onPut(put -> {});
    }
    CompletableFuture<Delivery> delivery = harness.forward(1, 1, LONG);
    for (int i = 0; i < 4; i++) { // each has it when it dies, one of them twice
      FakeWriter leader = cluster.writer(i % 3);
      Put put = leader.nextPut();
      assertThat(put.ids()).containsExactly(harness.id(1));
      leader.stop();
      cluster.elect(0, (i + 1) % 3);
      if (i >= 1) {
        cluster.writer((i - 1) % 3).restart();
      }
    }
    FakeWriter last = cluster.writer(4 % 3);
    cluster.store(last.nextPut());
    last.onPut(put -> cluster.take(4 % 3, put));
    last.stop();
    last.restart();
    assertThat(await(delivery)).isEqualTo(new Delivery.Stored(true));
    assertThat(harness.counter("sluice_forward_abandoned_total")).isZero();
  }

  /** The connection stands, its keepalive is answered, and nothing comes. */
  @Test
  void leaderThatSaysNothingIsLeftWhenAnotherIsElected() throws Exception {
    assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(STORED);
    cluster.suspend(0);
    CompletableFuture<Delivery> one = harness.forward("a", 2, 1, LONG);
    CompletableFuture<Delivery> two = harness.forward("b", 3, 1, LONG);
    harness.awaitCounter("sluice_forward_leader_queries_total", 2);
    cluster.elect(0, 1);
    assertThat(await(one)).isEqualTo(STORED);
    assertThat(await(two)).isEqualTo(STORED);
    assertThat(harness.counter("sluice_forward_leader_changes_total", "by=\"asked\"")).isOne();
    assertSentTheSameEachTime();
  }

  /** Else an overloaded Writer would be sent everything twice. */
  @Test
  void leaderThatIsOnlySlowIsSentNothingTwice() throws Exception {
    List<Put> held = new ArrayList<>();
    cluster
        .writer(0)
        .onPut(
            put -> {
              synchronized (held) {
                held.add(put);
              }
            });
    List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();
    deliveries.add(harness.forward("a", 1, 1, LONG));
    deliveries.add(harness.forward("b", 2, 1, LONG));
    cluster.writer(0).nextPut();
    cluster.writer(0).nextPut();
    harness.awaitCounter("sluice_forward_leader_queries_total", 5);
    synchronized (held) {
      held.forEach(put -> put.answer(cluster.store(put)));
    }
    for (CompletableFuture<Delivery> delivery : deliveries) {
      assertThat(await(delivery)).isEqualTo(STORED);
    }
    assertThat(harness.counter("sluice_forward_resent_total")).isZero();
    assertThat(harness.counter("sluice_forward_leader_changes_total")).isZero();
    assertThat(harness.counter("sluice_forward_messages_total")).isEqualTo(2);
  }

  @Test
  void isReachableWhileOneWriterIs() throws Exception {
    assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(STORED);
    cluster.writer(1).stop();
    cluster.writer(2).stop();
    harness.awaitConnected(1);
    assertThat(await(harness.forward(2, 1, LONG))).isEqualTo(STORED);
    assertThat(harness.reachable()).isTrue();
    cluster.writer(0).stop();
    harness.awaitConnected(0);
    assertThat(harness.reachable()).isFalse();
    cluster.elect(0, 2);
    cluster.writer(2).restart();
    assertThat(await(harness.forward(3, 1, LONG))).isEqualTo(STORED);
    assertThat(harness.reachable()).isTrue();
  }
}
