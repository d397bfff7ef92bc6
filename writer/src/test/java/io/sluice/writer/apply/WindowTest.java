package io.sluice.writer.apply;

import static io.sluice.writer.apply.Occurrence.COUNTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.wire.BatchId;
import io.sluice.writer.HotSpans;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final long AGE = 1_000;

  @Test
  void firstOccurrenceCountsAndEveryOtherIsVoid() {
    Window window = new Window(AGE, 10);
    BatchId id = new BatchId(1, 2);
    assertThat(window.decide(id, 5, 0, 0)).isEqualTo(COUNTS);
    assertThat(window.decide(id, 5, 1, 0)).isEqualTo(Occurrence.REPEAT_IN_MESSAGE);
    assertThat(window.decide(id, 6, 0, 0)).isEqualTo(Occurrence.REPEAT_IN_LOG);
    assertThat(window.decide(id, 5, 0, 0)).as("a replay meets the first again").isEqualTo(COUNTS);
    window.released(5);
    assertThat(window.decide(id, 7, 0, 0)).isEqualTo(Occurrence.REPEAT_OF_RELEASED);
  }

  @Test
  void idsAboveTheReleasePointNeverAge() {
    Window window = new Window(AGE, 1);
    window.decide(new BatchId(1, 1), 1, 0, 0);
    window.decide(new BatchId(2, 2), 2, 0, 0);
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
      window.decide(new BatchId(i, i), i, 0, 0);
    }
    window.released(5);
    window.age(0);
    assertThat(window.size()).isEqualTo(2);
    assertThat(window.evictedEarly()).isEqualTo(3);
    assertThat(window.knows(new BatchId(5, 5))).isTrue();
  }

  @Test
  void itIsFullAsLongAsTooManyAreNotReleasedAlsoWhenNothingIsApplied() {
    Window window = new Window(AGE, 2);
    for (int i = 1; i <= 3; i++) {
      assertThat(window.isFull()).isFalse();
      window.decide(new BatchId(i, i), i, 0, 0);
      window.age(0);
    }
    assertThat(window.isFull()).isTrue();
    window.released(1);
    assertThat(window.isFull()).isFalse();
    assertThat(window.size()).isEqualTo(2);
  }

  @Test
  void itIsNotFullForEverIfTheEndOfWhatIsReplayedIsLost() {
    Window window = new Window(AGE, 2);
    window.replays(5);
    for (int i = 1; i <= 3; i++) {
      window.decide(new BatchId(i, i), i, 0, 0);
      window.age(0);
    }
    assertThat(window.isFull()).isTrue();
    try (BufferAllocator allocator = new RootAllocator();
        ChunkBuffer buffer =
            new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, () -> 0L)) {
      BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
      Ledger ledger = new Ledger(new Telemetry("test"));
      new Applier(window, buffer, new RowsByChunk(1), loader, ledger, 5).lost(5);
      window.released(buffer.releasePoint());
    }
    assertThat(window.isFull()).isFalse();
    assertThat(window.size()).isEqualTo(2);
  }

  @Test
  void repeatKeepsItsIdUntilItIsReleasedItself() {
    Window window = new Window(AGE, 1);
    BatchId id = new BatchId(1, 1);
    window.decide(id, 1, 0, 0);
    window.decide(id, 3, 0, AGE);
    window.decide(new BatchId(2, 2), 4, 0, AGE);
    window.released(2);
    window.age(10 * AGE);
    assertThat(window.decide(id, 3, 0, 10 * AGE)).as("as a replay meets it").isNotEqualTo(COUNTS);
    window.released(4);
    window.age(11 * AGE + 1);
    assertThat(window.knows(id)).isFalse();
    assertThat(window.size()).isZero();
  }

  @Test
  void idAgesFromItsLastOccurrenceAndHoldsUpNoOther() {
    Window window = new Window(AGE, 10);
    BatchId repeated = new BatchId(1, 1);
    window.decide(repeated, 1, 0, 0);
    window.decide(new BatchId(2, 2), 2, 0, 0);
    window.decide(repeated, 3, 0, AGE);
    window.released(3);
    window.age(AGE + 1);
    assertThat(window.knows(new BatchId(2, 2))).isFalse();
    assertThat(window.decide(repeated, 4, 0, 2 * AGE)).isEqualTo(Occurrence.REPEAT_OF_RELEASED);
    window.released(4);
    assertThat(window.decide(repeated, 5, 0, 3 * AGE + 1)).isEqualTo(COUNTS);
    assertThat(window.decide(repeated, 6, 0, 3 * AGE + 1)).isEqualTo(Occurrence.REPEAT_IN_LOG);
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

  /** Against a plain map, with ids that collide in the index. */
  @Property(tries = 50)
  void behavesAsAPlainMapWould(@ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
    Random random = new Random(seed);
    Window window = new Window(AGE, 1_000_000);
    Map<BatchId, long[]> plain = new HashMap<>();
    long time = 0;
    long released = 0;
    for (long position = 1; position <= 5_000; position++) {
      time += random.nextInt(3);
      BatchId id = new BatchId(random.nextInt(4), random.nextInt(2_000) * 4096L);
      long[] seen = plain.get(id);
      boolean known = seen != null && (seen[0] > released || time - seen[1] <= AGE);
      plain.put(id, new long[] {position, time});
      assertThat(window.decide(id, position, 0, time).isRepeat()).isEqualTo(known);
      if (random.nextInt(100) == 0) {
        released = position - 10;
        window.released(released);
      }
      if (random.nextInt(100) == 0) {
        window.age(time);
      }
    }
    window.released(5_000);
    window.age(time + AGE + 1);
    assertThat(window.size()).isZero();
  }
}
