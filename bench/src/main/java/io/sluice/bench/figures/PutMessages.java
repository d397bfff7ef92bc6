package io.sluice.bench.figures;

import io.sluice.acceptor.columns.ColumnsPool;
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
import io.sluice.schema.wire.WireSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** The messages of a DoPut stream: FlightData, as an Acceptor sends it. */
final class PutMessages {

  private static final long EPOCH_NANOS = 1_795_000_000_123_456_789L;

  private PutMessages() {}

  /** The stream's first: its path and the wire schema of traces. */
  static byte[] opening() {
    byte[] descriptor = FlightFrame.descriptor(List.of("0", "default", "traces"));
    ByteBuffer schema =
        MessageSerializer.serializeMetadata(WireSchema.of(Table.TRACES), IpcOption.DEFAULT);
    return message(
        new int[] {FlightFrame.DESCRIPTOR_TAG, FlightFrame.HEADER_TAG},
        ByteBuffer.wrap(descriptor),
        schema);
  }

  /** One record batch of so many spans, as one batch. */
  static byte[] spans(int rows) throws IOException {
    byte[] request =
        Templates.of(Set.of(Signal.TRACES), rows, 42, EPOCH_NANOS)
            .of(Signal.TRACES, 0)
            .fill(new RunKeys(42), 0, 0, EPOCH_NANOS);
    ByteBuffer ipc = ByteBuffer.wrap(recordBatch(request));
    int headerBytes = ipc.order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    PutMetadata.Batch batch = new PutMetadata.Batch(new BatchId(1, 1), rows, EPOCH_NANOS / 1_000);
    return message(
        new int[] {FlightFrame.HEADER_TAG, FlightFrame.METADATA_TAG, FlightFrame.BODY_TAG},
        ipc.slice(8, headerBytes),
        ByteBuffer.wrap(new PutMetadata(false, 1, List.of(batch)).toBytes()),
        ipc.slice(8 + headerBytes, ipc.capacity() - 8 - headerBytes));
  }

  /** Continuation and length, 4 bytes each; then the header, then the body. */
  private static byte[] recordBatch(byte[] request) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RootAllocator allocator = new RootAllocator();
        ColumnsPool pool = new ColumnsPool(allocator, 7, 1, Long.MAX_VALUE);
        RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT)) {
      Decoded.Part part = decoder.decode(Signal.TRACES, request, 0, request.length).parts().get(0);
      try (ArrowRecordBatch batch = part.columns().toRecordBatch();
          WriteChannel out = new WriteChannel(Channels.newChannel(bytes))) {
        MessageSerializer.serialize(out, batch);
      }
      pool.give(part.columns());
    }
    return bytes.toByteArray();
  }

  private static byte[] message(int[] tags, ByteBuffer... fields) {
    int length = 0;
    for (int i = 0; i < tags.length; i++) {
      int bytes = fields[i].remaining();
      length += FlightFrame.varintSize(tags[i]) + FlightFrame.varintSize(bytes) + bytes;
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
