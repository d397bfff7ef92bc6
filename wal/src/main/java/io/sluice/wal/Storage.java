package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One directory on a disk. Bytes survive a power cut once their file was forced, names (made,
 * renamed, deleted) once the directory was.
 */
public interface Storage {

  /** The names in the directory, in no order. */
  List<String> list() throws IOException;

  /** Makes a new, empty file. Fails if the name is taken. */
  StorageFile create(String name) throws IOException;

  /** Opens a file that exists. */
  StorageFile open(String name, Access access) throws IOException;

  /** Atomic. Fails if {@code to} is taken. */
  void rename(String from, String to) throws IOException;

  /** Atomic. Takes the place of {@code to} if there is one. */
  void replace(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  /** Makes all names durable. */
  void forceDirectory() throws IOException;

  /** Bytes that could still be written to new files of this directory. */
  long usableBytes() throws IOException;

  /**
   * Keeps other processes (and other logs of this one) out until closed.
   *
   * @throws IOException somebody holds it: the message says who
   */
  Closeable lock() throws IOException;

  /** For messages. */
  String describe();

  /** What a file is opened for. */
  enum Access {
    READ,
    WRITE
  }

  /** An open file. One thread writes; reads may run beside it. */
  interface StorageFile extends Closeable {

    /** Writes all that remains in the first {@code count} buffers, one after the other. */
    void write(ByteBuffer[] buffers, int count, long position) throws IOException;

    /** Reads up to {@code dst.remaining()} bytes; -1 at or beyond the end. */
    int read(ByteBuffer dst, long position) throws IOException;

    /** Reads until the buffer or the file is at its end. */
    default void readFully(ByteBuffer dst, long position) throws IOException {
      int read = 0;
      for (long at = position; read >= 0 && dst.hasRemaining(); at += read) {
        read = read(dst, at);
      }
    }

    /** Makes the bytes written so far durable; not the name. */
    void force() throws IOException;

    long length() throws IOException;
  }
}
