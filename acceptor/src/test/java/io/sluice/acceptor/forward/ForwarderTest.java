package io.sluice.acceptor.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.FakeWriter;
import io.sluice.acceptor.FakeWriter.Put;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwarderTest {

  private static final ForwardLimits LIMITS = new ForwardLimits(1 << 20, 4 << 20, 16 << 20, false);
  private static final long LONG = 60_000;

  private FakeWriter writer;
  private ForwarderHarness harness;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    harness = new ForwarderHarness(writer.address(), LIMITS);
  }

  /** Also the check that no buffer leaks: the allocator would say so. */
  @AfterEach
  void stop() {
    harness.close();
    writer.close();
  }

  private static Delivery await(CompletableFuture<Delivery> delivery) throws Exception {
    return delivery.get(60, TimeUnit.SECONDS);
  }

  /**
   * An answer may overtake batches that were handed over before it came; not once this returns.
   * Wants nothing sent meanwhile, as its own batch is one whose time is up.
   */
  private void awaitTaken() throws Exception {
    assertThat(await(harness.forward(1_000, 1, 0))).isInstanceOf(Delivery.Unanswered.class);
  }

  private void hold() {
    writer.onPut(put -> {});
  }

  @Test
  void rowsOfAMessageAreTheBatchesRowsInOrder() throws Exception {
    hold();
    harness.forward(1, 1, LONG);
    harness.forward(2, 1, LONG);
    Put first = writer.nextPut();
    writer.store(first);
    if (first.metadata().batches().size() == 1) {
      writer.store(writer.nextPut());
    }
    harness.forward(3, 2, LONG);
    harness.forward(4, 3, LONG);
    Put third = writer.nextPut();
    List<String> names = new ArrayList<>(harness.names(third));
    if (names.size() < 5) {
      names.addAll(harness.names(writer.nextPut()));
    }
    assertThat(names).containsExactly("3-0", "3-1", "4-0", "4-1", "4-2");
  }

  @Test
  void whileFewMessagesAreOnTheirWayTheNextGathers() throws Exception {
    hold();
    List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();
    deliveries.add(harness.forward(1, 1, LONG));
    Put first = writer.nextPut();
    deliveries.add(harness.forward(2, 1, LONG));
    Put second = writer.nextPut();
    for (int i = 3; i <= 10; i++) {
      deliveries.add(harness.forward(i, 2, LONG));
    }
    awaitTaken();
    writer.store(first);
    Put third = writer.nextPut();
    assertThat(third.metadata().batches()).hasSize(8);
    assertThat(harness.names(third)).hasSize(16).startsWith("3-0", "3-1", "4-0").endsWith("10-1");
    writer.store(third);
    writer.store(second);
    for (CompletableFuture<Delivery> delivery : deliveries) {
      assertThat(await(delivery)).isEqualTo(new Delivery.Stored(false));
    }
    writer.onPut(writer::store);
    assertThat(await(harness.forward(5, 2, LONG))).isEqualTo(new Delivery.Stored(true));
  }

  @Test
  void oneBadBatchDoesNotTakeItsNeighboursWithIt() throws Exception {
    hold();
    CompletableFuture<Delivery> one = harness.forward(1, 1, LONG);
    Put first = writer.nextPut();
    CompletableFuture<Delivery> two = harness.forward(2, 1, LONG);
    Put second = writer.nextPut();
    List<CompletableFuture<Delivery>> gathered = new ArrayList<>();
    for (int i = 3; i <= 5; i++) {
      gathered.add(harness.forward(i, 1, LONG));
    }
    BatchId bad = harness.id(4);
    writer.onPut(
        put -> {
          if (put.ids().contains(bad)) {
            put.answer(PutAnswer.malformed(put.metadata().sequence(), "cannot read it"));
          } else {
            writer.store(put);
          }
        });
    writer.store(first);
    writer.store(second);
    assertThat(await(one)).isEqualTo(new Delivery.Stored(false));
    assertThat(await(two)).isEqualTo(new Delivery.Stored(false));
    assertThat(await(gathered.get(0))).isEqualTo(new Delivery.Stored(false));
    assertThat(await(gathered.get(1)))
        .isEqualTo(new Delivery.Unanswered("the Writer cannot read it: cannot read it"));
    assertThat(await(gathered.get(2))).isEqualTo(new Delivery.Stored(false));
  }

  @Test
  void batchWhoseTimeIsUpIsToldSoButItsRowsStayUntilTheAnswer() throws Exception {
    hold();
    CompletableFuture<Delivery> delivery = harness.forward(1, 1, 300);
    Put put = writer.nextPut();
    assertThat(await(delivery)).isInstanceOf(Delivery.Unanswered.class);
    assertThat(harness.freed()).isZero();
    writer.store(put);
    harness.awaitFreed(1);
  }

  @Test
  void whoWasRefusedIsToldSoThoughTheLastAttemptIsNotAnsweredInTime() throws Exception {
    AtomicInteger puts = new AtomicInteger();
    writer.onPut(
        put -> {
          if (puts.getAndIncrement() == 0) { // what comes then is not answered
            long sequence = put.metadata().sequence();
            put.answer(PutAnswer.refused(PutAnswer.Want.ROOM, sequence, 50, "not now"));
          }
        });
    CompletableFuture<Delivery> delivery = harness.forward(1, 1, 2_000);
    writer.nextPut();
    Put held = writer.nextPut();
    assertThat(await(delivery)).isInstanceOf(Delivery.Refused.class);
    writer.store(held);
    harness.awaitFreed(1);
  }

  @Test
  void batchThatWasNeverSentIsFreedWhenItsTimeIsUp() throws Exception {
    writer.stop();
    assertThat(await(harness.forward(1, 1, 100))).isInstanceOf(Delivery.Unanswered.class);
    harness.awaitFreed(1);
  }

  @Test
  void refusalThatOutlastsTheTimeIsToldAtOnceWithItsHint() throws Exception {
    writer.onPut(
        put -> put.answer(PutAnswer.refused(put.metadata().sequence(), 600_000, "disk full")));
    assertThat(await(harness.forward(1, 1, LONG)))
        .isInstanceOfSatisfying(
            Delivery.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo("disk full");
              assertThat(refused.retryAfterMillis()).isBetween(1, 600_001);
            });
    writer.nextPut();
    assertThat(await(harness.forward(2, 1, LONG))).isInstanceOf(Delivery.Refused.class);
    assertThat(writer.putsWaiting()).describedAs("nothing is sent meanwhile").isZero();
  }

  @Test
  void refusalForWantOfAWriterIsToldAsThat() throws Exception {
    writer.onPut(
        put ->
            put.answer(
                PutAnswer.refused(
                    PutAnswer.Want.WRITER, put.metadata().sequence(), 600_000, "stopping")));
    for (int i = 0; i < 2; i++) { // by its own answer, and while the pause lasts
      assertThat(await(harness.forward(i, 1, LONG)))
          .isInstanceOfSatisfying(
              Delivery.Away.class,
              away -> {
                assertThat(away.reason()).isEqualTo("stopping");
                assertThat(away.retryAfterMillis()).isBetween(1, 600_001);
              });
    }
  }

  @Test
  void lostStreamOwesItsMessagesAloneAndBehindWhatWasNeverLost() throws Exception {
    hold();
    CompletableFuture<Delivery> one = harness.forward(1, 1, LONG);
    Put first = writer.nextPut();
    CompletableFuture<Delivery> two = harness.forward(2, 1, LONG);
    Put second = writer.nextPut();
    harness.forward(3, 1, LONG);
    writer.stop();
    writer.restart();
    Put third = writer.nextPut();
    assertThat(third.ids()).containsExactly(harness.id(3));
    writer.store(third);
    Put firstAgain = writer.nextPut();
    assertThat(firstAgain.metadata()).isEqualTo(first.metadata());
    harness.forward(4, 1, LONG);
    awaitTaken();
    writer.store(firstAgain);
    Put fourth = writer.nextPut();
    assertThat(fourth.ids()).containsExactly(harness.id(4));
    assertThat(await(one)).isEqualTo(new Delivery.Stored(false));
    assertThat(two).isNotDone();
    writer.store(fourth);
    Put secondAgain = writer.nextPut();
    assertThat(secondAgain.metadata()).isEqualTo(second.metadata());
    writer.store(secondAgain);
    assertThat(await(two)).isEqualTo(new Delivery.Stored(false));
  }

  /** As gRPC does with a message beyond what the Writer takes. */
  @Test
  void messageThatAlwaysLosesItsStreamTakesNoNeighbourAlong() throws Exception {
    BatchId poison = harness.id(1);
    writer.onPut(
        put -> {
          if (put.ids().contains(poison)) {
            put.loseStream();
          } else {
            writer.store(put);
          }
        });
    CompletableFuture<Delivery> lost = harness.forward(1, 10_000, LONG);
    writer.nextPut();
    List<CompletableFuture<Delivery>> neighbours = new ArrayList<>();
    for (int i = 2; i <= 50; i++) {
      neighbours.add(harness.forward(i, 1, LONG));
    }
    for (CompletableFuture<Delivery> neighbour : neighbours) {
      assertThat(await(neighbour)).isEqualTo(new Delivery.Stored(false));
    }
    assertThat(await(lost))
        .isInstanceOfSatisfying(
            Delivery.Unanswered.class, un -> assertThat(un.reason()).contains("UNAVAILABLE"));
    harness.awaitFreed(50);
    assertThat(harness.counter("sluice_forward_abandoned_total")).isEqualTo(1);
  }

  @Test
  void poisonousBatchInAMessageOfManyIsFound() throws Exception {
    hold();
    CompletableFuture<Delivery> one = harness.forward(1, 1, LONG);
    Put first = writer.nextPut();
    CompletableFuture<Delivery> two = harness.forward(2, 1, LONG);
    Put second = writer.nextPut();
    List<CompletableFuture<Delivery>> gathered = new ArrayList<>();
    for (int i = 3; i <= 9; i++) {
      gathered.add(harness.forward(i, 1, LONG));
    }
    BatchId poison = harness.id(5);
    writer.onPut(
        put -> {
          if (put.ids().contains(poison)) {
            put.loseStream();
          } else {
            writer.store(put);
          }
        });
    writer.store(first);
    try {
      writer.store(second);
    } catch (IllegalStateException e) {
      // the poison was quicker: the second is sent again, too
    }
    for (int i = 0; i < gathered.size(); i++) {
      assertThat(await(gathered.get(i)))
          .isInstanceOf(i == 2 ? Delivery.Unanswered.class : Delivery.Stored.class);
    }
    assertThat(await(one)).isInstanceOf(Delivery.Stored.class);
    assertThat(await(two)).isInstanceOf(Delivery.Stored.class);
    harness.awaitFreed(9);
  }

  @Test
  void answerThatIsNoneOpensTheStreamAnew() throws Exception {
    writer.onPut(
        put -> {
          writer.onPut(writer::store);
          put.stream().onNext(new byte[] {1, 2, 3});
        });
    assertThat(await(harness.forward(1, 1, LONG))).isEqualTo(new Delivery.Stored(false));
    assertThat(writer.nextPut().stream()).isNotSameAs(writer.nextPut().stream());
  }

  @Test
  void bytesOnTheirWayStayWithinTheWindow() throws Exception {
    harness.close();
    ForwardLimits small = new ForwardLimits(4 << 10, 16 << 10, 48 << 10, false);
    harness = new ForwarderHarness(writer.address(), small);
    AtomicLong outstanding = new AtomicLong();
    AtomicLong most = new AtomicLong();
    Queue<Put> held = new ArrayDeque<>();
    writer.onPut(
        put -> {
          long now = outstanding.addAndGet(put.header().remaining() + put.body().remaining());
          most.accumulateAndGet(now, Math::max);
          synchronized (held) {
            held.add(put);
          }
        });
    List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      deliveries.add(harness.forward(i, 10, LONG));
    }
    while (!deliveries.stream().allMatch(CompletableFuture::isDone)) {
      Put put = writer.nextPut();
      synchronized (held) {
        held.remove(put);
      }
      outstanding.addAndGet(-put.header().remaining() - put.body().remaining());
      writer.store(put);
      if (writer.storedBatches() == 200) {
        break;
      }
    }
    assertThat(most.get()).isLessThan(small.window() + 2 * small.most());
    for (CompletableFuture<Delivery> delivery : deliveries) {
      assertThat(await(delivery)).isEqualTo(new Delivery.Stored(false));
    }
  }

  /** Whatever the Writer does, each batch is stored once and told so, and nothing leaks. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void losesNothingWhenTheWriterIsErratic(long seed) throws Exception {
    Random random = new Random(seed);
    Map<BatchId, Integer> losses = new HashMap<>();
    writer.onPut(
        put -> {
          int what;
          synchronized (random) {
            what = random.nextInt(10);
            if (what < 2 || what == 4) { // no batch so often that it is given up
              int most =
                  put.ids().stream()
                      .mapToInt(id -> losses.merge(id, 1, Integer::sum))
                      .max()
                      .getAsInt();
              what = most < 3 ? what : 9;
            }
          }
          if (what < 2) {
            put.loseStream();
          } else if (what < 4) {
            put.answer(PutAnswer.refused(put.metadata().sequence(), 1, "not now"));
          } else if (what == 4) {
            writer.remember(put); // an answer would bring the next, which is blamed for the loss
            put.loseStream();
          } else {
            writer.store(put);
          }
        });
    List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      deliveries.add(harness.forward(i, 1 + i % 5, LONG));
    }
    for (CompletableFuture<Delivery> delivery : deliveries) {
      assertThat(await(delivery)).isInstanceOf(Delivery.Stored.class);
    }
    assertThat(writer.storedBatches()).isEqualTo(300);
    assertThat(writer.storedRows()).isEqualTo(900);
    harness.awaitFreed(300);
  }

  @Test
  void closingTellsWhoWaitsAndFreesEverything() throws Exception {
    hold();
    CompletableFuture<Delivery> sent = harness.forward(1, 1, LONG);
    writer.nextPut();
    CompletableFuture<Delivery> waiting = harness.forward(2, 1, LONG);
    harness.closeForwarder();
    assertThat(await(sent)).isInstanceOf(Delivery.Unanswered.class);
    assertThat(await(waiting)).isInstanceOf(Delivery.Unanswered.class);
    harness.awaitFreed(2);
  }
}
