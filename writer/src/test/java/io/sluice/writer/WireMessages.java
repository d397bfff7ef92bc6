package io.sluice.writer;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.WireSchema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** FlightData messages as an Acceptor sends them, built field by field. */
public final class WireMessages {

  /** The first message of a stream. */
  public static byte[] head(String tenant, Table table) {
    return head(0, tenant, table);
  }

  /** The same for another of the cluster's logs. */
  public static byte[] head(int log, String tenant, Table table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    field(
        out,
        FlightFrame.DESCRIPTOR_TAG,
        FlightFrame.descriptor(List.of(Integer.toString(log), tenant, table.tableName())));
    ByteBuffer schema =
        MessageSerializer.serializeMetadata(WireSchema.of(table), IpcOption.DEFAULT);
    field(out, FlightFrame.HEADER_TAG, bytes(schema));
    return out.toByteArray();
  }

  /** A message of spans, each batch with its rows; a span is named by its number. */
  public static byte[] spans(
      BufferAllocator allocator, List<BatchId> ids, int rowsEach, int firstNumber, long micros) {
    int rows = ids.size() * rowsEach;
    try (VectorSchemaRoot root =
        WireSpans.of(allocator, "cart", firstNumber, rows, micros * 1000)) {
      return of(root, ids, micros);
    }
  }

  /** A message of these rows, in batches of equal size. */
  public static byte[] of(VectorSchemaRoot root, List<BatchId> ids, long micros) {
    int rowsEach = root.getRowCount() / ids.size();
    PutMetadata metadata =
        new PutMetadata(
            false, 1, ids.stream().map(id -> new PutMetadata.Batch(id, rowsEach, micros)).toList());
    try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
      return message(batch, metadata);
    }
  }

  private static byte[] message(ArrowRecordBatch batch, PutMetadata metadata) {
    byte[] header = bytes(MessageSerializer.serializeMetadata(batch, IpcOption.DEFAULT));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (ArrowBuf buffer : batch.getBuffers()) {
      byte[] bytes = new byte[(int) buffer.readableBytes()];
      buffer.getBytes(0, bytes);
      body.writeBytes(bytes);
      body.writeBytes(new byte[(8 - bytes.length % 8) % 8]);
    }
    return of(header, metadata, body.toByteArray());
  }

  /** The same message with its body replaced, as one that is compressed. */
  public static byte[] packed(byte[] message, UnaryOperator<byte[]> body) {
    try {
      FlightFrame frame = FlightFrame.parse(ByteBuffer.wrap(message));
      PutMetadata plain = PutMetadata.parse(frame.metadata());
      PutMetadata metadata = new PutMetadata(true, plain.sequence(), plain.batches());
      return of(bytes(frame.header()), metadata, body.apply(bytes(frame.body())));
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * @param header of an IPC message
   */
  public static byte[] of(byte[] header, PutMetadata metadata, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    field(out, FlightFrame.HEADER_TAG, header);
    field(out, FlightFrame.METADATA_TAG, metadata.toBytes());
    field(out, FlightFrame.BODY_TAG, body);
    return out.toByteArray();
  }

  private static void field(ByteArrayOutputStream out, int tag, byte[] bytes) {
    ByteBuffer head = ByteBuffer.allocate(10);
    FlightFrame.putVarint(head, tag);
    FlightFrame.putVarint(head, bytes.length);
    out.write(head.array(), 0, head.position());
    out.writeBytes(bytes);
  }

  /** What remains of it. */
  public static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private WireMessages() {}
}
