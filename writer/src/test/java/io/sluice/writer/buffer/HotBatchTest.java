package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.sluice.schema.wire.BatchId;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HotBatchTest {

  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void columnsAreKnownWhileSomebodyUsesThem() {
    HotBatch batch = HotSpans.batch(allocator, 1, 4);
    batch.done();
    assertThatThrownBy(batch::wire).hasMessageContaining("nobody uses");

    batch.use();
    batch.use();
    batch.done();
    assertThat(batch.wire().rows()).isEqualTo(4);
    batch.done();
    assertThatThrownBy(batch::wire).hasMessageContaining("nobody uses");
    assertThatThrownBy(batch::done).hasMessageContaining("too often");
    batch.release();
  }

  @Test
  void whatIsReadAgainIsWhatCame() {
    List<BatchId> ids = List.of(new BatchId(1, 1));
    byte[] plain = WireMessages.spans(allocator, ids, 7, 0, HotSpans.NOW);
    byte[] zstd = WireMessages.packed(plain, body -> Zstd.compress(body, 1));
    for (byte[] message : List.of(plain, zstd)) {
      HotBatch batch = HotSpans.load(allocator, message).at(1);
      List<String> first = HotSpans.plainRows(allocator, batch.wire());
      batch.done();
      batch.use();
      assertThat(HotSpans.plainRows(allocator, batch.wire())).hasSize(7).isEqualTo(first);
      batch.done();
      batch.release();
    }
  }

  @Test
  void columnsAreCountedWhileTheyAreKnown() {
    AtomicLong held = new AtomicLong();
    AtomicLong used = new AtomicLong();
    HotBatch batch = HotSpans.batch(allocator, 1, 4);
    batch.countIn(held, used);
    assertThat(held.get() + used.get()).isEqualTo(batch.bytes());
    batch.done();
    assertThat(held).hasValue(batch.heldBytes());
    assertThat(used).hasValue(0);
    batch.use();
    batch.use();
    assertThat(held.get() + used.get()).isEqualTo(batch.bytes());
    batch.done();
    batch.release();
    assertThat(held).hasValue(0);
    assertThat(used).hasValue(0);
  }

  @Test
  void whoFailsJustAfterItWasHandedOverMayCloseItToo() {
    byte[] message = WireMessages.spans(allocator, List.of(new BatchId(1, 1)), 4, 0, HotSpans.NOW);
    LoadedBatch loaded = HotSpans.load(allocator, message);
    HotBatch batch = loaded.at(1);
    batch.release();
    loaded.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  @Test
  void oneThatIsStillUsedIsFreedWithItsLastHolder() {
    HotBatch batch = HotSpans.batch(allocator, 1, 4);
    batch.done();
    batch.use();
    batch.release();
    assertThat(allocator.getAllocatedMemory()).isZero();
  }
}
