package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.writer.WireMessages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** A damaged message is refused, or can be read to its end: never a crash, never a leak. */
class DamagedMessageTest {

  private static final long NOW = 1_790_000_000_000_000L;

  @Property(tries = 300)
  void damagedMessageIsRefusedOrHarmless(@ForAll long seed) {
    Random random = new Random(seed);
    try (BufferAllocator allocator = new RootAllocator()) {
      byte[] message =
          WireMessages.spans(allocator, List.of(new BatchId(1, 1), new BatchId(1, 2)), 20, 0, NOW);
      for (int i = 0; i <= random.nextInt(3); i++) {
        message[random.nextInt(message.length)] = (byte) random.nextInt();
      }
      try (ArrowBuf memory = allocator.buffer(message.length)) {
        memory.setBytes(0, message);
        read(allocator, memory, message.length);
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  /**
   * Arrow would allocate whatever the last offset of a list, or a count, says; and keep what it had
   * sliced when a length is negative.
   */
  @Test
  void hugeOrNegativeNumberTakesNoMemory() {
    try (BufferAllocator allocator = new RootAllocator(4 << 20)) {
      byte[] good = WireMessages.spans(allocator, List.of(new BatchId(1, 1)), 3, 0, NOW);
      for (int at = 0; at < good.length - Long.BYTES; at++) {
        for (long number : new long[] {Integer.MAX_VALUE, 1 << 20, -3}) {
          byte[] message = good.clone();
          ByteBuffer damaged = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
          if (number < 0) {
            damaged.putLong(at, number);
          } else {
            damaged.putInt(at, (int) number);
          }
          try (ArrowBuf memory = allocator.buffer(message.length)) {
            memory.setBytes(0, message);
            read(allocator, memory, message.length);
          }
          assertThat(allocator.getAllocatedMemory()).as("byte %d", at).isZero();
        }
      }
    }
  }

  private static void read(BufferAllocator allocator, ArrowBuf memory, int length) {
    try {
      FlightFrame frame = FlightFrame.parse(memory.nioBuffer(0, length));
      PutMetadata metadata = PutMetadata.parse(frame.metadata());
      BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
      try (LoadedBatch batch = loader.load(Table.TRACES, frame, metadata, memory);
          RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
        int rows = batch.wire().rows();
        assertThat(expander.append(batch.wire(), 0, rows, Long.MAX_VALUE)).isEqualTo(rows);
        assertThat(expander.finish().getRowCount()).isEqualTo(rows);
      }
    } catch (MalformedMessageException refused) {
      assertThat(refused).hasMessageStartingWith("cannot");
    }
  }
}
