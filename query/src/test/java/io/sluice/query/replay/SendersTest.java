package io.sluice.query.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.TlsChannelCredentials;
import io.sluice.query.RowFilter;
import io.sluice.query.export.Answer;
import io.sluice.query.export.Exporter;
import io.sluice.query.replay.Checkpoint.Place;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SendersTest {

  private static final Target TARGET =
      new Target(
          URI.create("http://nobody:4317"),
          false,
          TlsChannelCredentials.create(),
          null,
          Map.of(),
          false);

  private final Tally tally = new Tally(new Place(0, 0, 0), Totals.NONE);
  private final Checkpoint begun =
      new Checkpoint("id", Map.of(), List.of(), new Place(0, 0, 0), Totals.NONE, false);

  @Test
  void rejectedRecordsAreCountedAndTheRestIsAcked() throws Exception {
    try (Senders senders = senders(false, "5m", number -> new Answer.Acked(number % 3, ""))) {
      for (int i = 0; i < 30; i++) {
        send(senders, i);
      }
      senders.finish();
    }
    assertThat(tally.totals()).isEqualTo(new Totals(270, 30, 0, 30, 30));
    assertThat(tally.at(begun, true).place()).isEqualTo(new Place(0, 0, 300));
  }

  @Test
  void whatIsToComeAgainComesAgainNotBeforeItsTime() throws Exception {
    Duration asked = Duration.ofMillis(400);
    long began = System.nanoTime();
    try (Senders senders =
        senders(
            false,
            "5m",
            number ->
                number == 0
                    ? new Answer.Again("UNAVAILABLE", "busy", asked)
                    : new Answer.Acked(0, ""))) {
      send(senders, 0);
      senders.finish();
      assertThat(senders.retries()).isEqualTo(1);
      assertThat(senders.trouble()).isEmpty();
    }
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(asked.toNanos());
    assertThat(tally.totals().acked()).isEqualTo(10);
  }

  @Test
  void aRefusalEndsItBeforeThatPlaceUnlessItIsToBePassedOver() throws Exception {
    IntFunction<Answer> fourth =
        number ->
            number == 3 ? new Answer.Refused("INVALID_ARGUMENT", "no") : new Answer.Acked(0, "");
    try (Senders senders = senders(false, "5m", fourth)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  send(senders, i);
                }
                senders.finish();
              })
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("rows 30 to 39")
          .hasMessageContaining("INVALID_ARGUMENT no")
          .hasMessageContaining("--skip-refused");
    }
    assertThat(tally.at(begun, false).place()).isEqualTo(new Place(0, 0, 30));

    Tally all = new Tally(new Place(0, 0, 0), Totals.NONE);
    try (Senders senders =
        new Senders(options(true, "5m"), TARGET, () -> scripted(fourth), all::answered)) {
      for (int i = 0; i < 5; i++) {
        Outgoing request = request(i);
        all.begun(request);
        senders.send(request);
      }
      senders.finish();
    }
    assertThat(all.totals()).isEqualTo(new Totals(40, 0, 10, 5, 5));
  }

  @Test
  void aTargetThatStaysAwayIsGivenUpWithTheReason() throws Exception {
    try (Senders senders =
        senders(false, "0s", number -> new Answer.Again("UNAVAILABLE", "refused", Duration.ZERO))) {
      assertThatThrownBy(
              () -> {
                send(senders, 0);
                senders.finish();
              })
          .isInstanceOf(ReplayException.class)
          .hasMessageContaining("http://nobody:4317 did not take them within PT0S")
          .hasMessageContaining("UNAVAILABLE refused");
    }
    assertThat(tally.at(begun, false).place()).isEqualTo(new Place(0, 0, 0));
  }

  @Test
  void thePlaceIsBehindTheOldestThatIsUnderWay() {
    Outgoing first = request(0);
    Outgoing second = request(1);
    tally.begun(first);
    tally.begun(second);
    tally.answered(second, new Totals(10, 0, 0, 1, 1));
    assertThat(tally.at(begun, false).place()).isEqualTo(new Place(0, 0, 0));
    assertThat(tally.at(begun, false).totals()).isEqualTo(Totals.NONE);
    assertThat(tally.totals().acked()).isEqualTo(10);
    tally.answered(first, new Totals(9, 1, 0, 1, 1));
    assertThat(tally.at(begun, false).place()).isEqualTo(new Place(0, 0, 20));
    assertThat(tally.at(begun, false).totals()).isEqualTo(new Totals(19, 1, 0, 2, 2));
  }

  private void send(Senders senders, int number) throws Exception {
    Outgoing request = request(number);
    tally.begun(request);
    senders.send(request);
  }

  private static Outgoing request(int number) {
    return new Outgoing(
        Table.LOGS,
        new Place(0, 0, number * 10L),
        new Place(0, 0, number * 10L + 10),
        10,
        new byte[1]);
  }

  /** With one connection, so that answers have an order. */
  private Senders senders(boolean skip, String patience, IntFunction<Answer> script) {
    return new Senders(options(skip, patience), TARGET, () -> scripted(script), tally::answered);
  }

  private static ReplayOptions options(boolean skip, String patience) {
    return new ReplayOptions(
        "default",
        List.of(Table.LOGS),
        RowFilter.ALL,
        TARGET,
        0,
        10,
        1024,
        1,
        io.sluice.schema.service.Durations.parse(patience),
        skip,
        null);
  }

  private static Exporter scripted(IntFunction<Answer> script) {
    AtomicInteger number = new AtomicInteger();
    return new Exporter() {
      @Override
      public Answer export(Signal signal, int as, byte[] request) {
        return script.apply(number.getAndIncrement());
      }

      @Override
      public void close() {}
    };
  }
}
