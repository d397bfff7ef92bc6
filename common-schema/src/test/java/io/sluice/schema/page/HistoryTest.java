package io.sluice.schema.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.page.PageDocument.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HistoryTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong sum = new AtomicLong(500);
  private final AtomicLong level = new AtomicLong();
  private final Latency latency = new Latency();
  private final History history =
      new History()
          .rate("in", sum::get)
          .level("memory", level::get)
          .delay("ack", "a message", latency);
  private long nanos;

  private void second() {
    nanos += SECOND;
    history.sample(nanos);
  }

  private Series series(String name) {
    return history.look(true).series().stream()
        .filter(each -> each.name().equals(name))
        .findAny()
        .orElseThrow();
  }

  private static List<Long> points(Series series) {
    return new ArrayList<>(series.points() == null ? List.of() : series.points());
  }

  @Test
  void aSumIsShownAsItGrowsASecond() {
    second();
    sum.addAndGet(100);
    second();
    sum.addAndGet(50);
    nanos += SECOND; // the sampler was late
    second();
    assertThat(points(series("in"))).containsExactly(0L, 100L, 25L);
    assertThat(series("in").now()).isEqualTo(25);
  }

  @Test
  void aSumThatShrinksAsALogIsGoneDoesNotGrow() {
    second();
    sum.set(3);
    second();
    sum.addAndGet(7);
    second();
    assertThat(points(series("in"))).containsExactly(0L, 0L, 7L);
  }

  @Test
  void ofEachSeriesFiveMinutesAreKept() {
    for (int i = 1; i <= History.SECONDS + 7; i++) {
      level.set(i);
      second();
    }
    assertThat(points(series("memory"))).hasSize(History.SECONDS).startsWith(8L).endsWith(307L);
    assertThat(history.look(false).sample()).isEqualTo(307);
    assertThat(history.look(false).series()).allMatch(each -> each.points() == null);
  }

  @Test
  void aLatencyIsShownOfEachSecondAndOfTheLastTen() {
    second();
    latency.note(3_000);
    second();
    second();
    assertThat(points(series("ack"))).containsExactly(History.NOTHING, 3L, History.NOTHING);
    assertThat(history.look(false).delays().get(0).p99()).isEqualTo(3);
    for (int i = 0; i < 10; i++) {
      second();
    }
    assertThat(history.look(false).delays().get(0).p99()).isEqualTo(History.NOTHING);
  }
}
