package io.sluice.writer;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.BatchRows;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkKey;
import io.sluice.writer.buffer.HotBatch;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.LoggedRows;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Batches of spans as the apply thread puts them into a buffer. */
public final class HotSpans {

  /** A time that no test compares with a clock. */
  public static final long NOW = 1_790_000_000_000_000L;

  /** For buffers whose rows are all in memory. */
  public static final LoggedRows NO_LOG =
      (table, part, after) -> {
        throw new AssertionError("cannot read " + part + " of " + table + ": there is no log");
      };

  /** Puts so many rows at the position, all of one day, and says that it is applied. */
  public static void add(
      BufferAllocator allocator, ChunkBuffer buffer, TableKey key, long position, int rows) {
    int[] all = IntStream.range(0, rows).toArray();
    buffer.add(
        key,
        new BatchRows(batch(allocator, position, rows), Map.of(new ChunkKey(1, 0), all)),
        new int[0],
        RecordCounts.taken(rows, 0));
    buffer.applied(position);
  }

  public static HotBatch batch(BufferAllocator allocator, long position, int rows) {
    byte[] message = WireMessages.spans(allocator, List.of(new BatchId(position, 1)), rows, 0, NOW);
    return load(allocator, message).at(position);
  }

  /** The message as it is loaded at intake or in replay. */
  public static LoadedBatch load(BufferAllocator allocator, byte[] message) {
    return load(allocator, Table.TRACES, message);
  }

  public static LoadedBatch load(BufferAllocator allocator, Table table, byte[] message) {
    try (ArrowBuf memory = allocator.buffer(message.length)) {
      memory.setBytes(0, message);
      FlightFrame frame = FlightFrame.parse(memory.nioBuffer(0, message.length));
      return new BatchLoader(allocator, EventTime.DEFAULT)
          .load(table, frame, PutMetadata.parse(frame.metadata()), memory);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /** Each row as text, expanded. */
  public static List<String> plainRows(BufferAllocator allocator, WireBatch wire) {
    List<String> rows = new ArrayList<>();
    try (RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      expander.append(wire, 0, wire.rows(), Long.MAX_VALUE);
      VectorSchemaRoot plain = expander.finish();
      for (int row = 0; row < plain.getRowCount(); row++) {
        int at = row;
        rows.add(plain.getFieldVectors().stream().map(v -> v.getObject(at)).toList().toString());
      }
    }
    return rows;
  }

  private HotSpans() {}
}
