package io.sluice.lake;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/** Reads by position over one buffer. One thread reads it. */
final class LocalInputStream extends SeekableInputStream implements RangeReadable {

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).limit(0);

  /** File offset of the first byte after the buffer. */
  private long next;

  LocalInputStream(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public long getPos() {
    return next - buffer.remaining();
  }

  @Override
  public void seek(long position) throws IOException {
    if (position < 0) {
      throw new EOFException("cannot seek: " + position);
    }
    long start = next - buffer.limit();
    if (position >= start && position <= next) {
      buffer.position((int) (position - start));
    } else {
      next = position;
      buffer.limit(0);
    }
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!buffer.hasRemaining() && length >= buffer.capacity()) {
      int read = channel.read(ByteBuffer.wrap(bytes, offset, length), next);
      if (read > 0) {
        next += read;
        buffer.limit(0);
      }
      return read;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, n);
    return n;
  }

  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int read = channel.read(buffer, next);
    buffer.flip();
    next += Math.max(read, 0);
    return read > 0;
  }

  @Override
  public void readFully(long position, byte[] bytes, int offset, int length) throws IOException {
    if (readAt(position, ByteBuffer.wrap(bytes, offset, length)) < length) {
      throw new EOFException("cannot read " + length + " bytes at " + position + ": end of file");
    }
  }

  @Override
  public int readTail(byte[] bytes, int offset, int length) throws IOException {
    long from = Math.max(0, channel.size() - length);
    return readAt(from, ByteBuffer.wrap(bytes, offset, length));
  }

  private int readAt(long position, ByteBuffer into) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int read = channel.read(into, position + total);
      if (read < 0) {
        break;
      }
      total += read;
    }
    return total;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
