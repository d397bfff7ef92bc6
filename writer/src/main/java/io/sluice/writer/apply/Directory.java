package io.sluice.writer.apply;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;

/**
 * A directory of small files that are replaced as a whole, in the steps in which a disk does that.
 * Bytes survive a power cut once their file was forced, names once the directory was. One thread
 * writes.
 */
interface Directory {

  /** A file that is written from its begin to its end. */
  interface Out extends Closeable {

    /** Writes all that remains. */
    void write(ByteBuffer bytes) throws IOException;

    /** Makes the bytes durable; not the name. */
    void force() throws IOException;
  }

  /** An empty file of this name, whether or not there was one. */
  Out create(String name) throws IOException;

  /** The file's bytes from the begin, which the caller closes; empty if there is no such file. */
  Optional<ReadableByteChannel> read(String name) throws IOException;

  /** Atomic: who looks for {@code to} finds the old file or the new one. */
  void rename(String from, String to) throws IOException;

  /** Names of all files. */
  List<String> list() throws IOException;

  /** It may be gone already. */
  void delete(String name) throws IOException;

  /** Makes all names durable. */
  void force() throws IOException;

  /** For messages: where the file is. */
  String describe(String name);
}
