package io.sluice.writer.intake;

import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One FlightData message as it came, copied once into memory of its own. Whoever holds it closes
 * it; {@link #buffer} may be retained beyond that.
 */
final class Payload implements AutoCloseable {

  private final ArrowBuf buffer;
  private final int length;

  private Payload(ArrowBuf buffer, int length) {
    this.buffer = buffer;
    this.length = length;
  }

  /** Reads the message to its end, from the transport's own buffers where it shows them. */
  static Payload read(InputStream in, BufferAllocator allocator) throws IOException {
    if (!(in instanceof KnownLength)) {
      byte[] bytes = in.readAllBytes();
      return of(ByteBuffer.wrap(bytes), allocator);
    }
    int length = in.available();
    ArrowBuf buffer = allocator.buffer(Math.max(length, 1));
    try {
      ByteBuffer out = buffer.nioBuffer(0, length);
      if (in instanceof HasByteBuffer direct && direct.byteBufferSupported()) {
        copyBuffers(in, direct, out);
      } else {
        copyBytes(in, out);
      }
      return new Payload(buffer, length);
    } catch (IOException | RuntimeException e) {
      buffer.close();
      throw e;
    }
  }

  static Payload of(ByteBuffer bytes, BufferAllocator allocator) {
    int length = bytes.remaining();
    ArrowBuf buffer = allocator.buffer(Math.max(length, 1));
    buffer.setBytes(0, bytes.duplicate());
    return new Payload(buffer, length);
  }

  /** The same message with a field appended: in protobuf, that is the message with it set. */
  Payload with(byte[] field, BufferAllocator allocator) {
    ArrowBuf longer = allocator.buffer((long) length + field.length);
    longer.setBytes(0, buffer, 0, length);
    longer.setBytes(length, field);
    return new Payload(longer, length + field.length);
  }

  ArrowBuf buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  ByteBuffer bytes() {
    return buffer.nioBuffer(0, length);
  }

  int crc32c() {
    CRC32C crc = new CRC32C();
    crc.update(bytes());
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    buffer.close();
  }

  private static void copyBuffers(InputStream in, HasByteBuffer source, ByteBuffer out)
      throws IOException {
    while (out.hasRemaining()) {
      ByteBuffer chunk = source.getByteBuffer();
      if (chunk == null) {
        throw new EOFException("cannot read Flight message: it ended early");
      }
      int n = chunk.remaining();
      out.put(chunk);
      if (in.skip(n) != n) {
        throw new EOFException("cannot read Flight message: it ended early");
      }
    }
  }

  private static void copyBytes(InputStream in, ByteBuffer out) throws IOException {
    byte[] chunk = new byte[Math.min(out.remaining(), 1 << 16)];
    while (out.hasRemaining()) {
      int n = in.read(chunk, 0, Math.min(chunk.length, out.remaining()));
      if (n < 0) {
        throw new EOFException("cannot read Flight message: it ended early");
      }
      out.put(chunk, 0, n);
    }
  }
}
