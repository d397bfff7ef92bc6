package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.wire.BatchId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final long AGE = 1_000;

  @Test
  void firstOccurrenceCountsAndEveryOtherIsVoid() {
    Window window = new Window(AGE, 10);
    BatchId id = new BatchId(1, 2);
    assertThat(window.counts(id, 5, 0, 0)).isTrue();
    assertThat(window.counts(id, 5, 1, 0)).isFalse();
    assertThat(window.counts(id, 6, 0, 0)).isFalse();
    assertThat(window.counts(id, 5, 0, 0)).as("a replay meets the first again").isTrue();
  }

  @Test
  void idsAboveTheReleasePointNeverAge() {
    Window window = new Window(AGE, 1);
    window.counts(new BatchId(1, 1), 1, 0, 0);
    window.counts(new BatchId(2, 2), 2, 0, 0);
    window.age(1_000_000);
    assertThat(window.size()).isEqualTo(2);
    window.released(1);
    window.age(1_000_000);
    assertThat(window.knows(new BatchId(1, 1))).isFalse();
    assertThat(window.knows(new BatchId(2, 2))).isTrue();
  }

  @Test
  void tooManyReleasedIdsAreForgottenEarlyAndCounted() {
    Window window = new Window(AGE, 2);
    for (int i = 1; i <= 5; i++) {
      window.counts(new BatchId(i, i), i, 0, 0);
    }
    window.released(5);
    window.age(0);
    assertThat(window.size()).isEqualTo(2);
    assertThat(window.evictedEarly()).isEqualTo(3);
    assertThat(window.knows(new BatchId(5, 5))).isTrue();
  }

  @Test
  void repeatKeepsItsIdUntilItIsReleasedItself() {
    Window window = new Window(AGE, 1);
    BatchId id = new BatchId(1, 1);
    window.counts(id, 1, 0, 0);
    window.counts(id, 3, 0, AGE);
    window.counts(new BatchId(2, 2), 4, 0, AGE);
    window.released(2);
    window.age(10 * AGE);
    assertThat(window.counts(id, 3, 0, 10 * AGE)).as("as a replay meets it").isFalse();
    window.released(3);
    window.age(10 * AGE);
    assertThat(window.knows(id)).isFalse();
  }

  @Test
  void restoredIdStaysUntilWhatItsCheckpointStandsForIsReleased() {
    Window window = new Window(AGE, 0);
    BatchId id = new BatchId(1, 1);
    window.restore(id, 1, 0, 0, 5);
    window.released(4);
    window.age(10 * AGE);
    assertThat(window.knows(id)).isTrue();
    window.released(5);
    window.age(10 * AGE);
    assertThat(window.knows(id)).isFalse();
  }

  /** Against a plain map and queue, with ids that collide in the index. */
  @Property(tries = 50)
  void behavesAsAPlainMapWould(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    Random random = new Random(seed);
    Window window = new Window(AGE, 1_000_000);
    Map<BatchId, long[]> plain = new HashMap<>();
    Deque<Map.Entry<BatchId, long[]>> order = new ArrayDeque<>();
    long time = 0;
    for (long position = 1; position <= 5_000; position++) {
      time += random.nextInt(3);
      BatchId id = new BatchId(random.nextInt(4), random.nextInt(2_000) * 4096L);
      long[] entry = plain.get(id);
      boolean counts = entry == null;
      if (counts) {
        entry = new long[] {position, time};
        plain.put(id, entry);
        order.add(Map.entry(id, entry));
      }
      entry[0] = position;
      assertThat(window.counts(id, position, 0, time)).isEqualTo(counts);
      if (random.nextInt(100) == 0) {
        window.released(position - 10);
        window.age(time);
        while (!order.isEmpty()
            && order.peek().getValue()[0] <= position - 10
            && time - order.peek().getValue()[1] > AGE) {
          plain.remove(order.remove().getKey());
        }
      }
    }
    assertThat(window.size()).isEqualTo(plain.size());
    plain.keySet().forEach(id -> assertThat(window.knows(id)).isTrue());
  }
}
