package io.sluice.acceptor.forward;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.sluice.schema.wire.FlightFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The bytes of one FlightData message: a head on the heap, then the record batch's buffers as they
 * lie off the heap, each padded to 8 bytes, or the one buffer of a packed body. Borrows the
 * buffers: they must live as long as it.
 */
final class PutFrame {

  private static final int CHUNK = 64 << 10;
  private static final byte[] PADDING = new byte[8];

  private final byte[] head;
  private final List<ArrowBuf> body;
  private final int alignment;
  private final int length;

  private PutFrame(byte[] head, List<ArrowBuf> body, int alignment, long bodyLength) {
    this.head = head;
    this.body = body;
    this.alignment = alignment;
    this.length = Math.toIntExact(head.length + bodyLength);
  }

  /** The message that opens a stream: where it goes, and what its rows look like. */
  static PutFrame opening(List<String> path, Schema schema) {
    byte[] descriptor = FlightFrame.descriptor(path);
    ByteBuffer header = MessageSerializer.serializeMetadata(schema, IpcOption.DEFAULT);
    ByteBuffer head = ByteBuffer.allocate(field(descriptor.length) + field(header.remaining()));
    put(head, FlightFrame.DESCRIPTOR_TAG, ByteBuffer.wrap(descriptor));
    put(head, FlightFrame.HEADER_TAG, header);
    return new PutFrame(head.array(), List.of(), 1, 0);
  }

  /** A message with rows. */
  static PutFrame rows(ArrowRecordBatch rows, byte[] metadata) {
    int bodyLength = Math.toIntExact(rows.computeBodyLength());
    return rows(rows, metadata, rows.getBuffers(), 8, bodyLength);
  }

  /** A message with rows whose body is this one, compressed; its header is of the plain one. */
  static PutFrame packed(ArrowRecordBatch rows, byte[] metadata, ArrowBuf body) {
    return rows(rows, metadata, List.of(body), 1, Math.toIntExact(body.readableBytes()));
  }

  private static PutFrame rows(
      ArrowRecordBatch rows, byte[] metadata, List<ArrowBuf> body, int alignment, int bodyLength) {
    ByteBuffer header = MessageSerializer.serializeMetadata(rows, IpcOption.DEFAULT);
    int bodyHead =
        FlightFrame.varintSize(FlightFrame.BODY_TAG) + FlightFrame.varintSize(bodyLength);
    ByteBuffer head =
        ByteBuffer.allocate(field(header.remaining()) + field(metadata.length) + bodyHead);
    put(head, FlightFrame.HEADER_TAG, header);
    put(head, FlightFrame.METADATA_TAG, ByteBuffer.wrap(metadata));
    FlightFrame.putVarint(head, FlightFrame.BODY_TAG);
    FlightFrame.putVarint(head, bodyLength);
    return new PutFrame(head.array(), body, alignment, bodyLength);
  }

  int length() {
    return length;
  }

  /** As gRPC takes it; drained at once, by the thread that sends. */
  InputStream stream() {
    return new Stream();
  }

  private void writeTo(OutputStream out) throws IOException {
    out.write(head);
    byte[] chunk = new byte[Math.min(CHUNK, length)];
    for (ArrowBuf buffer : body) {
      long bytes = buffer.readableBytes();
      for (long at = 0; at < bytes; at += chunk.length) {
        int part = (int) Math.min(chunk.length, bytes - at);
        buffer.getBytes(buffer.readerIndex() + at, chunk, 0, part);
        out.write(chunk, 0, part);
      }
      out.write(PADDING, 0, (int) (-bytes & (alignment - 1)));
    }
  }

  private static int field(int length) {
    return 1 + FlightFrame.varintSize(length) + length;
  }

  private static void put(ByteBuffer head, int tag, ByteBuffer value) {
    FlightFrame.putVarint(head, tag);
    FlightFrame.putVarint(head, value.remaining());
    head.put(value);
  }

  /** Whole or not at all: drained once. */
  private final class Stream extends InputStream implements KnownLength, Drainable {
    private boolean drained;

    @Override
    public int drainTo(OutputStream target) throws IOException {
      if (drained) {
        return 0;
      }
      drained = true;
      writeTo(target);
      return length;
    }

    @Override
    public int available() {
      return drained ? 0 : length;
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      return read();
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("cannot read a put frame byte by byte: drain it");
    }
  }
}
