package io.sluice.writer.sim;

import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.writer.WireMessages;
import io.sluice.writer.WireSpans;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Put messages with the rows of batches. A row is known by its time, which no reader and no writer
 * of it changes: so many micros after the first as its number says, and every second batch a day
 * earlier, in another partition.
 */
final class Messages {

  static final Table TABLE = Table.METRICS_GAUGE;
  static final long FIRST_MICROS = 1_790_000_000_000_000L;
  private static final long DAY = 86_400_000_000L;
  private static final long MARK = 0x1234_5678_9ABC_0000L;

  /** A message but for its metadata and its times, which begin there in the body. */
  @SuppressWarnings("ArrayRecordComponent") // never changed
  private record Form(byte[] header, byte[] body, int timesAt) {}

  private static final Map<Integer, Form> FORMS = new TreeMap<>();

  /** What a stream of a tenant's messages begins with. */
  static byte[] head(int log, String tenant) {
    return WireMessages.head(log, tenant, TABLE);
  }

  /**
   * @param salt of the batches' ids: the same for the same batch
   */
  static byte[] of(long sequence, List<Sent> batches, long receivedMicros, long salt) {
    int rows = batches.stream().mapToInt(Sent::rows).sum();
    Form form = FORMS.computeIfAbsent(rows, Messages::form);
    byte[] body = form.body.clone();
    ByteBuffer times = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).position(form.timesAt);
    List<PutMetadata.Batch> metadata = new ArrayList<>();
    for (Sent batch : batches) {
      BatchId id = new BatchId(batch.id().high() + salt, batch.id().low());
      metadata.add(new PutMetadata.Batch(id, batch.rows(), receivedMicros));
      for (int i = 0; i < batch.rows(); i++) {
        times.putLong(micros(batch.row(i)) * 1_000);
      }
    }
    return WireMessages.of(form.header, new PutMetadata(false, sequence, metadata), body);
  }

  private static long micros(int row) {
    return FIRST_MICROS + row - (Sent.batch(row) % 2) * DAY;
  }

  /** Which row of which batch it is. */
  static int row(WireBatch wire, int at) {
    long micros = wire.timeMicros(at) - FIRST_MICROS;
    return Math.toIntExact(micros < 0 ? micros + DAY : micros);
  }

  private static Form form(int rows) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root =
            WireSpans.gauges(allocator, List.of("a"), List.of("m"), rows, MARK)) {
      byte[] message = WireMessages.of(root, List.of(new BatchId(0, 0)), 0);
      FlightFrame frame = FlightFrame.parse(ByteBuffer.wrap(message));
      byte[] body = WireMessages.bytes(frame.body());
      return new Form(WireMessages.bytes(frame.header()), body, at(body));
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static int at(byte[] body) {
    ByteBuffer longs = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < body.length; at += 8) {
      if (longs.getLong(at) == MARK) {
        return at;
      }
    }
    throw new AssertionError("there are no times");
  }

  private Messages() {}
}
