package io.sluice.bench.figures;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Segments of a log past the page cache, in large aligned blocks: what is read comes from the disk,
 * and what is written is not in the page cache afterwards.
 */
final class DirectFiles {

  private static final int BLOCK_BYTES = 1 << 20;
  private static final int ALIGNMENT = 4096;
  private static final String SEGMENT = ".wal";

  private DirectFiles() {}

  /**
   * The JDK's own, by its name: to compile against it is a warning, and from JDK 21 on no build.
   */
  private static OpenOption direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option instanceof OpenOption found && found.toString().equals("DIRECT")) {
          return found;
        }
      }
      throw new IllegalStateException("cannot read past the page cache: this JDK has no DIRECT");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("cannot read past the page cache: not with this JDK", e);
    }
  }

  static boolean isSegment(Path file) {
    return file.toString().endsWith(SEGMENT);
  }

  /** Bytes a second of reading all segments of a log's directory, one after the other. */
  static double readBytesPerSecond(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(DirectFiles::isSegment).sorted().toList();
    }
    long began = System.nanoTime();
    long bytes = 0;
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, direct())) {
        ByteBuffer block = block();
        for (int n = channel.read(block); n > 0; n = channel.read(block)) {
          bytes += n;
          block.clear();
        }
      }
    }
    return bytes * 1e9 / (System.nanoTime() - began);
  }

  /** Copies a segment, whose length is a multiple of the alignment. */
  static void copy(Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, direct())) {
      ByteBuffer block = block();
      while (in.read(block) >= 0) {
        if (block.hasRemaining() && in.position() < in.size()) {
          continue;
        }
        block.flip();
        while (block.hasRemaining()) {
          out.write(block);
        }
        block.clear();
      }
      out.force(true);
    }
  }

  private static ByteBuffer block() {
    return ByteBuffer.allocateDirect(BLOCK_BYTES + ALIGNMENT)
        .alignedSlice(ALIGNMENT)
        .limit(BLOCK_BYTES)
        .slice();
  }
}
