package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import io.sluice.writer.buffer.BatchRows;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkKey;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoggedPart;
import io.sluice.writer.buffer.LoggedRows;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sets come back from the log within memory, and one of them always does. */
class ReadBackTest {

  private static final TableKey TRACES = new TableKey("default", Table.TRACES);
  private static final TableKey LOGS = new TableKey("default", Table.LOGS);

  private final BufferAllocator allocator = new RootAllocator();
  private boolean damaged;
  private final ChunkBuffer buffer =
      new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, this::open, System::nanoTime);

  @AfterEach
  void close() {
    buffer.close();
    assertThat(buffer.bytes()).isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void oneSetIsReadBackWhateverMemoryHoldsAndASecondOnlyIfThereIsRoom() throws Exception {
    ReadBack readBack = new ReadBack(buffer, memory(1));
    ChunkSet traces = spilled(TRACES, 1);
    ChunkSet logs = spilled(LOGS, 2);
    try (ReadBack.Held held = readBack.load(traces)) {
      assertThat(held.chunks()).hasSize(1);
      assertThat(buffer.bytes()).as("what was read back counts").isPositive();
      assertThatThrownBy(() -> readBack.load(logs))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("back from the log")
          .hasMessageContaining("tried again");
      ReadBack roomy = new ReadBack(buffer, memory(1 << 20));
      try (ReadBack.Held first = roomy.load(logs);
          ReadBack.Held second = roomy.load(traces)) {
        assertThat(first.chunks().iterator().next().rowCount())
            .isEqualTo(second.chunks().iterator().next().rowCount());
      }
    }
    assertThat(buffer.bytes()).isZero();
    readBack.load(logs).close();
  }

  @Test
  void setThatCannotBeReadBackLeavesTheRoomToOthers() throws Exception {
    ReadBack readBack = new ReadBack(buffer, memory(1));
    ChunkSet traces = spilled(TRACES, 1);
    damaged = true;
    assertThatThrownBy(() -> readBack.load(traces)).hasMessage("damaged");
    assertThat(buffer.bytes()).as("what came before the damage is freed").isZero();
    damaged = false;
    readBack.load(spilled(LOGS, 2)).close();
  }

  private ChunkSet spilled(TableKey key, long position) {
    HotSpans.add(allocator, buffer, key, position, 4);
    TableBuffer table = buffer.table(key);
    buffer.seal(table);
    buffer.spill(0);
    ChunkSet set = table.beginPersist().orElseThrow();
    table.persistFailed(set); // the buffer frees it in the end
    return set;
  }

  private LoggedRows.Cursor open(TableKey table, LoggedPart part, long after) {
    return new LoggedRows.Cursor() {
      private boolean read;

      @Override
      public BatchRows next() throws IOException {
        if (read && damaged) {
          throw new IOException("damaged");
        }
        BatchRows rows =
            read
                ? null
                : new BatchRows(
                    HotSpans.batch(allocator, part.to(), 4),
                    Map.of(new ChunkKey(1, 0), new int[] {0, 1, 2, 3}));
        read = true;
        return rows;
      }

      @Override
      public void close() {}
    };
  }

  private HotMemory memory(long maxBytes) {
    HotMemory memory = new HotMemory(maxBytes, new Ledger(new Telemetry("test")));
    memory.add(buffer, () -> {}, () -> null);
    return memory;
  }
}
