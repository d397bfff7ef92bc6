package io.sluice.bench.figures;

import io.sluice.bench.load.Latencies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the disk can do: one thread that overwrites blocks which were written before, one write and
 * one fdatasync a group, as a log could at best.
 */
final class DiskReference implements AutoCloseable {

  private static final long FILE_BYTES = 512L << 20;

  private final FileChannel channel;
  private final ByteBuffer group;
  private long position;

  /**
   * @param largestGroup bytes of the largest group that will be asked for
   */
  DiskReference(Path file, int largestGroup) throws IOException {
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.group = ByteBuffer.allocateDirect(largestGroup);
    while (group.hasRemaining()) {
      group.put((byte) (group.position() * 31));
    }
    for (long at = 0; at < FILE_BYTES; at += largestGroup) {
      write(at, largestGroup);
    }
    channel.force(true);
  }

  /** Bytes a second over at least so many seconds. */
  double bytesPerSecond(int groupBytes, double seconds) throws IOException {
    long began = System.nanoTime();
    long written = 0;
    long end = began + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      if (position + groupBytes > FILE_BYTES) {
        position = 0;
      }
      write(position, groupBytes);
      channel.force(false);
      position += groupBytes;
      written += groupBytes;
    }
    return written * 1e9 / (System.nanoTime() - began);
  }

  /** How long a group takes, one after the other, for at least so many seconds. */
  Latencies latencies(int groupBytes, double seconds) throws IOException {
    Latencies latencies = new Latencies();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (long began = System.nanoTime(); began < end; began = System.nanoTime()) {
      position = position + groupBytes > FILE_BYTES ? 0 : position;
      write(position, groupBytes);
      channel.force(false);
      position += groupBytes;
      latencies.add(System.nanoTime() - began);
    }
    return latencies;
  }

  private void write(long at, int bytes) throws IOException {
    ByteBuffer view = group.duplicate().position(0).limit(bytes);
    while (view.hasRemaining()) {
      int done = channel.write(view, at + view.position());
      if (done < 0) {
        throw new IOException("cannot write: " + done);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
