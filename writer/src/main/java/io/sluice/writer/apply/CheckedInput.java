package io.sluice.writer.apply;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

/** A file as it is read from its begin, little-endian, for messages that say where. */
final class CheckedInput {

  private final String what;
  private final ReadableByteChannel in;
  private final String name;
  private long offset;

  /**
   * @param what it holds, such as "window"
   */
  CheckedInput(String what, ReadableByteChannel in, String name) {
    this.what = what;
    this.in = in;
    this.name = name;
  }

  /** Where it is. */
  String name() {
    return name;
  }

  /** How much of it was read. */
  long offset() {
    return offset;
  }

  ByteBuffer next(int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (in.read(buffer) < 0) {
        throw new IOException(
            "cannot read %s: %s ends at offset %d"
                .formatted(what, name, offset + buffer.position()));
      }
    }
    offset += length;
    return buffer.flip();
  }

  void require(long at, String field, long expected, long actual) throws IOException {
    if (expected != actual) {
      throw new IOException(
          "cannot read %s: %s at offset %d: %s: expected %x, found %x"
              .formatted(what, name, at, field, expected, actual));
    }
  }

  /** Of a heap buffer's first bytes. */
  static int crc(ByteBuffer buffer, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.array(), buffer.arrayOffset(), length);
    return (int) crc.getValue();
  }
}
