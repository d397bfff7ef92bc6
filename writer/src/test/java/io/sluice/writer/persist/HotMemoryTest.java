package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two logs of one Writer have one budget, and who holds most gives most. */
class HotMemoryTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);

  private final BufferAllocator allocator = new RootAllocator();
  private final Ledger ledger = new Ledger(new Telemetry("test"));
  private final ChunkBuffer large = buffer();
  private final ChunkBuffer small = buffer();
  private final AtomicInteger largeSignals = new AtomicInteger();
  private final AtomicInteger smallSignals = new AtomicInteger();
  private @Nullable String outage;
  private long positions;

  private static ChunkBuffer buffer() {
    return new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, System::nanoTime);
  }

  private HotMemory memory(long maxBytes) {
    HotMemory memory = new HotMemory(maxBytes, ledger);
    memory.add(small, smallSignals::incrementAndGet, () -> null);
    memory.add(large, largeSignals::incrementAndGet, () -> outage);
    return memory;
  }

  @AfterEach
  void close() {
    large.close();
    small.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void budgetIsOfAllLogs() {
    HotMemory memory = memory(3 * one());
    fill(large, 2);
    assertThat(memory.bytesOver()).isNegative();
    fill(small, 1);
    assertThat(memory.bytes()).isEqualTo(large.bytes() + small.bytes());
    assertThat(memory.bytesOver()).isZero();
    memory.remove(small);
    assertThat(memory.bytesOver()).isNegative();
  }

  @Test
  void whoeverGrowsIsTalliedWithTheOthers() {
    memory(8 * one());
    fill(small, 3);
    assertThat(smallSignals.get()).as("less than half").isZero();
    fill(large, 2);
    assertThat(largeSignals.get()).as("it has a quarter, and both more than half").isPositive();
    assertThat(smallSignals.get()).isZero();
  }

  @Test
  void pastHalfTheLogWithMostOpenIsSealedAndTold() {
    HotMemory memory = memory(16 * one());
    fill(large, 8);
    fill(small, 1);
    largeSignals.set(0);
    smallSignals.set(0);
    memory.relieve();
    assertThat(large.openBytes()).as("sealed").isZero();
    assertThat(largeSignals.get()).isEqualTo(1);
    assertThat(small.openBytes()).as("a crumb, which would make a small file").isPositive();
    assertThat(smallSignals.get()).isZero();
    assertThat(ledger.setsSpilled.sum()).isZero();
  }

  @Test
  void pastThreeQuartersTheLargestLogIsSpilledFirst() {
    HotMemory memory = memory(16 * one());
    fill(large, 4);
    large.seal(large.table(TRACES));
    tried(large.table(TRACES)); // so that the next set does not join it
    fill(large, 6);
    large.seal(large.table(TRACES));
    fill(small, 3);
    small.seal(small.table(TRACES));
    memory.relieve();
    assertThat(memory.bytes()).isEqualTo(7 * one());
    assertThat(large.loggedRows()).as("its newest set").isEqualTo(24);
    assertThat(small.loggedRows()).isZero();
    assertThat(ledger.setsSpilled.sum()).isEqualTo(1);
  }

  @Test
  void whenTheLargestLogHasNothingMoreToSpillTheNextOneDoes() {
    HotMemory memory = memory(16 * one());
    fill(large, 10);
    large.seal(large.table(TRACES));
    ChunkSet underWay = large.table(TRACES).beginPersist().orElseThrow(); // not to be spilled
    fill(small, 3);
    small.seal(small.table(TRACES));
    memory.relieve();
    assertThat(large.loggedRows()).isZero();
    assertThat(small.loggedRows()).isEqualTo(12);
    large.table(TRACES).persistFailed(underWay);
  }

  @Test
  void oneReadIsCutAtATimeWhicheverLogItIsOf() throws Exception {
    HotMemory memory = memory(8 * one());
    HotRead ofLarge = persistedButRead(large, 6);
    HotRead ofSmall = persistedButRead(small, 3);
    memory.relieve();
    memory.relieve();
    assertThat(ofLarge.isCut()).isTrue();
    assertThat(ofSmall.isCut()).as("how much the first will free is not known").isFalse();
    ofLarge.close();
    memory.relieve();
    assertThat(ofSmall.isCut()).as("what it holds fits").isFalse();
    ofSmall.close();
  }

  @Test
  void oneSetCanAlwaysBeReadBackAndOthersWithinTheBudgetOfAll() {
    HotMemory memory = memory(4 * one());
    fill(large, 4);
    assertThat(memory.reserve(one()).granted()).as("none is under way").isTrue();
    assertThat(memory.reserve(one()).granted()).as("another log's set").isFalse();
    memory.giveBack(one());
    assertThat(memory.reserve(one()).granted()).isTrue();
  }

  @Test
  void outageOfAnyLogIsWhyMemoryIsNotFreed() {
    HotMemory memory = memory(one());
    assertThat(memory.outage()).isNull();
    outage = "the store is away";
    assertThat(memory.outage()).isEqualTo("the store is away");
  }

  private static void tried(TableBuffer table) {
    table.persistFailed(table.beginPersist().orElseThrow());
  }

  private HotRead persistedButRead(ChunkBuffer buffer, int batches) throws Exception {
    fill(buffer, batches);
    HotRead read = buffer.read(TRACES, 0);
    TableBuffer table = buffer.table(TRACES);
    buffer.seal(table);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    buffer.releaseHeld();
    assertThat(buffer.bytes()).as("held for the read alone").isEqualTo(batches * one());
    return read;
  }

  private void fill(ChunkBuffer buffer, int batches) {
    for (int i = 0; i < batches; i++) {
      HotSpans.add(allocator, buffer, TRACES, ++positions, 4);
    }
  }

  /** Bytes of one batch. */
  private long one() {
    try (ChunkBuffer other = buffer()) {
      HotSpans.add(allocator, other, TRACES, 1, 4);
      return other.bytes();
    }
  }
}
