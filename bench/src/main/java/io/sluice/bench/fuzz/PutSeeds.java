package io.sluice.bench.fuzz;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.bench.fuzz.mutate.PutMutator;
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
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** The requests of the corpus as an Acceptor would send them: a stream for each of their tables. */
final class PutSeeds {

  private static final int PREFIX = 8; // an IPC message's continuation and length

  static List<PutMutator.Stream> of(Corpus corpus) throws IOException {
    List<PutMutator.Stream> streams = new ArrayList<>();
    try (RootAllocator allocator = new RootAllocator();
        ColumnsPool pool = new ColumnsPool(allocator, 7, 1, Long.MAX_VALUE);
        RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT)) {
      for (Signal signal : Signal.values()) {
        for (byte[] request : corpus.all(signal)) {
          Decoded decoded = decoder.decode(signal, request, 0, request.length);
          for (Decoded.Part part : decoded.parts()) {
            streams.add(new PutMutator.Stream(opening(part.table()), rows(part.columns())));
            pool.give(part.columns());
          }
        }
      }
    }
    return streams;
  }

  private static byte[] opening(Table table) {
    byte[] descriptor =
        FlightFrame.descriptor(List.of("0", ReadTicket.DEFAULT_TENANT, table.tableName()));
    ByteBuffer schema =
        MessageSerializer.serializeMetadata(WireSchema.of(table), IpcOption.DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    field(FlightFrame.DESCRIPTOR_TAG, ByteBuffer.wrap(descriptor), out);
    field(FlightFrame.HEADER_TAG, schema, out);
    return out.toByteArray();
  }

  private static byte[] rows(WireColumns columns) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ArrowRecordBatch batch = columns.toRecordBatch();
        WriteChannel out = new WriteChannel(Channels.newChannel(bytes))) {
      MessageSerializer.serialize(out, batch);
    }
    ByteBuffer ipc = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int header = ipc.getInt(Integer.BYTES);
    long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    PutMetadata.Batch batch = new PutMetadata.Batch(new BatchId(1, 1), columns.rows(), now);
    byte[] metadata = new PutMetadata(false, 1, List.of(batch)).toBytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    field(FlightFrame.HEADER_TAG, ipc.slice(PREFIX, header), out);
    field(FlightFrame.METADATA_TAG, ByteBuffer.wrap(metadata), out);
    int body = PREFIX + header;
    field(FlightFrame.BODY_TAG, ipc.slice(body, ipc.capacity() - body), out);
    return out.toByteArray();
  }

  private static void field(int tag, ByteBuffer content, ByteArrayOutputStream out) {
    int length = content.remaining();
    ByteBuffer field =
        ByteBuffer.allocate(FlightFrame.varintSize(tag) + FlightFrame.varintSize(length) + length);
    FlightFrame.putVarint(field, tag);
    FlightFrame.putVarint(field, length);
    out.writeBytes(field.put(content).array());
  }

  private PutSeeds() {}
}
