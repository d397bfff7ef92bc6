package io.sluice.lake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.iceberg.io.PositionOutputStream;

/** Writes through one buffer; close forces the file, then its directory. One thread writes it. */
final class ForcedOutputStream extends PositionOutputStream {

  private final FileChannel channel;
  private final Path directory;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
  private long written;
  private boolean closed;

  ForcedOutputStream(FileChannel channel, Path directory) {
    this.channel = channel;
    this.directory = directory;
  }

  @Override
  public long getPos() {
    return written + buffer.position();
  }

  @Override
  public long storedLength() {
    return getPos();
  }

  @Override
  public void write(int value) throws IOException {
    if (!buffer.hasRemaining()) {
      drain();
    }
    buffer.put((byte) value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length <= buffer.remaining()) {
      buffer.put(bytes, offset, length);
      return;
    }
    drain();
    if (length < buffer.capacity()) {
      buffer.put(bytes, offset, length);
    } else {
      writeAll(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  @Override
  public void flush() throws IOException {
    drain();
  }

  private void drain() throws IOException {
    buffer.flip();
    writeAll(buffer);
    buffer.clear();
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      written += channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      drain();
      channel.force(true);
    }
    forceDirectory(directory);
  }

  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
      open.force(true);
    }
  }
}
