package io.sluice.bench.figures;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Templates;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.schema.wire.WireSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** The messages of a DoPut stream: FlightData, as an Acceptor sends it. */
final class PutMessages {

  private static final long SEED = 42;
  private static final int PREFIX = 8; // an IPC message's continuation and length

  /** Where the first batch's id stands in a message's metadata. */
  private static final int ID_AT = 16;

  private PutMessages() {}

  /**
   * A message of one batch.
   *
   * @param idAt where the batch's id stands in the bytes: 16 of them, little-endian, high first
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, never changed
  record Put(Table table, byte[] bytes, int idAt) {

    /** A copy that is no repeat of it. */
    byte[] withId(BatchId id) {
      byte[] copy = bytes.clone();
      ByteBuffer.wrap(copy)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(idAt, id.high())
          .putLong(idAt + Long.BYTES, id.low());
      return copy;
    }
  }

  /** The stream's first: its path and the table's wire schema. */
  static byte[] opening(Table table) {
    byte[] descriptor =
        FlightFrame.descriptor(List.of("0", ReadTicket.DEFAULT_TENANT, table.tableName()));
    ByteBuffer schema =
        MessageSerializer.serializeMetadata(WireSchema.of(table), IpcOption.DEFAULT);
    return message(
        new int[] {FlightFrame.DESCRIPTOR_TAG, FlightFrame.HEADER_TAG},
        ByteBuffer.wrap(descriptor),
        schema);
  }

  /** One record batch of so many spans, as one batch. */
  static byte[] spans(int rows) throws IOException {
    return of(Signal.TRACES, rows, 1).get(0).bytes();
  }

  /** What so many requests of a signal become: a message for each of their tables. */
  static List<Put> of(Signal signal, int records, int requests) throws IOException {
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    Templates templates = Templates.of(Set.of(signal), records, SEED, now);
    RunKeys keys = new RunKeys(SEED);
    List<Put> puts = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        ColumnsPool pool = new ColumnsPool(allocator, 7, 1, Long.MAX_VALUE);
        RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT)) {
      for (int i = 0; i < requests; i++) {
        byte[] request = templates.of(signal, i).fill(keys, 0, i, now);
        for (Decoded.Part part : decoder.decode(signal, request, 0, request.length).parts()) {
          puts.add(put(part.table(), part.columns(), now));
          pool.give(part.columns());
        }
      }
    }
    return puts;
  }

  private static Put put(Table table, WireColumns columns, long nowNanos) throws IOException {
    ByteBuffer ipc = ByteBuffer.wrap(recordBatch(columns)).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = ipc.getInt(Integer.BYTES);
    PutMetadata.Batch batch =
        new PutMetadata.Batch(new BatchId(1, 1), columns.rows(), nowNanos / 1_000);
    byte[] metadata = new PutMetadata(false, 1, List.of(batch)).toBytes();
    ByteBuffer header = ipc.slice(PREFIX, headerBytes);
    int body = PREFIX + headerBytes;
    byte[] bytes =
        message(
            new int[] {FlightFrame.HEADER_TAG, FlightFrame.METADATA_TAG, FlightFrame.BODY_TAG},
            header,
            ByteBuffer.wrap(metadata),
            ipc.slice(body, ipc.capacity() - body));
    int before =
        field(FlightFrame.HEADER_TAG, headerBytes)
            + field(FlightFrame.METADATA_TAG, metadata.length)
            - metadata.length;
    return new Put(table, bytes, before + ID_AT);
  }

  /** Continuation and length, 4 bytes each; then the header, then the body. */
  private static byte[] recordBatch(WireColumns columns) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ArrowRecordBatch batch = columns.toRecordBatch();
        WriteChannel out = new WriteChannel(Channels.newChannel(bytes))) {
      MessageSerializer.serialize(out, batch);
    }
    return bytes.toByteArray();
  }

  private static int field(int tag, int length) {
    return FlightFrame.varintSize(tag) + FlightFrame.varintSize(length) + length;
  }

  private static byte[] message(int[] tags, ByteBuffer... fields) {
    int length = 0;
    for (int i = 0; i < tags.length; i++) {
      length += field(tags[i], fields[i].remaining());
    }
    ByteBuffer out = ByteBuffer.allocate(length);
    for (int i = 0; i < tags.length; i++) {
      FlightFrame.putVarint(out, tags[i]);
      FlightFrame.putVarint(out, fields[i].remaining());
      out.put(fields[i]);
    }
    return out.array();
  }
}
