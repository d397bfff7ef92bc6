package io.sluice.acceptor.receive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip (RFC 1952) from a whole body: all members, each checked, and nothing after the last. The
 * JDK's own stream takes trailing garbage for the end.
 *
 * <pre>
 * 1f 8b | method u8 = 8 | flags u8 | mtime 4 | extra flags u8 | os u8
 * [length u16, extra] [name 0] [comment 0] [header crc u16] | deflate | crc32 u32 | size u32
 * </pre>
 */
final class GzipReader extends InputStream {

  /** What deflate can shrink by: a size beyond that is none, but what lies behind the end. */
  private static final long MOST_GAIN = 1_032;

  private static final int FIXED_HEADER = 10;
  private static final int TRAILER = 8;
  private static final short MAGIC = (short) 0x8b1f;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final ByteBuffer in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();

  GzipReader(byte[] body, int length) throws IOException {
    in = ByteBuffer.wrap(body, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    beginMember();
  }

  /** The size that the last member says it has, modulo 2^32; 0 if that cannot be. */
  static long declared(byte[] body, int length) {
    if (length < FIXED_HEADER + TRAILER) {
      return 0;
    }
    int size =
        ByteBuffer.wrap(body, length - Integer.BYTES, Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt();
    long declared = Integer.toUnsignedLong(size);
    return declared > MOST_GAIN * length ? 0 : declared;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0; // the inflater would say the same of an end
    }
    try {
      while (true) {
        int count = inflater.inflate(bytes, offset, length);
        if (count > 0) {
          crc.update(bytes, offset, count);
          return count;
        }
        if (!inflater.finished()) {
          throw new IOException("gzip ends in the middle of a member");
        }
        endMember();
        if (!in.hasRemaining()) {
          return -1;
        }
        beginMember();
      }
    } catch (DataFormatException e) {
      throw new IOException("not deflate: " + e.getMessage(), e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private void beginMember() throws IOException {
    int start = in.position();
    if (in.remaining() < FIXED_HEADER + TRAILER || in.getShort() != MAGIC || in.get() != 8) {
      throw new IOException("it is not gzip at byte " + start);
    }
    int flags = in.get();
    in.position(start + FIXED_HEADER);
    if ((flags & RESERVED) != 0) {
      throw new IOException("gzip header with reserved flags at byte " + start);
    }
    if ((flags & EXTRA) != 0) {
      skip(Short.BYTES);
      skip(Short.toUnsignedInt(in.getShort(in.position() - Short.BYTES)));
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    skip((flags & HEADER_CRC) != 0 ? Short.BYTES : 0);
    inflater.reset();
    inflater.setInput(in.array(), in.position(), in.remaining());
    crc.reset();
  }

  private void endMember() throws IOException {
    in.position(in.limit() - inflater.getRemaining());
    if (in.remaining() < TRAILER) {
      throw new IOException("gzip ends in the trailer of a member");
    }
    if (in.getInt() != (int) crc.getValue() || in.getInt() != (int) inflater.getBytesWritten()) {
      throw new IOException("gzip member does not match its checksum");
    }
  }

  private void skip(int bytes) throws IOException {
    if (bytes > in.remaining()) {
      throw new IOException("gzip ends in the header of a member");
    }
    in.position(in.position() + bytes);
  }

  private void skipText() throws IOException {
    do {
      skip(1);
    } while (in.get(in.position() - 1) != 0);
  }
}
