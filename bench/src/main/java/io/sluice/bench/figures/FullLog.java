package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data directory of a Writer that was killed when its log was full of real batches and nothing
 * of it was persisted; to be put back as often as it is asked for.
 */
final class FullLog {

  private final Path data;
  private final Path kept;
  private final long bytes;

  private FullLog(Path data, Path kept, long bytes) {
    this.data = data;
    this.kept = kept;
    this.bytes = bytes;
  }

  /** Makes one with at least so many bytes of all signals, in a box's directory. */
  static FullLog fill(Path directory, long bytes) throws IOException, InterruptedException {
    Path data;
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      data = box.data();
      box.stop();
    }
    long filled = new MixedLog().fill(log(data), bytes, maxBytes(bytes));
    Path kept = directory.resolve("kept");
    Files.move(data, kept);
    return new FullLog(data, kept, filled);
  }

  /** A disk budget that leaves room for new records beside so many bytes. */
  static long maxBytes(long bytes) {
    return bytes + bytes / 2 + (1L << 30);
  }

  /**
   * Puts the directory back. No segment is in the page cache then; all else may be.
   *
   * @param last never again: each segment is deleted once it is copied, so that there need not be
   *     room for two
   */
  void restore(boolean last) throws IOException {
    if (Files.exists(data)) {
      Directories.delete(data);
    }
    List<Path> all;
    try (Stream<Path> below = Files.walk(kept)) {
      all = below.sorted().toList();
    }
    for (Path from : all) {
      Path to = data.resolve(kept.relativize(from));
      if (!DirectFiles.isSegment(from)) {
        Files.copy(from, to);
        continue;
      }
      DirectFiles.copy(from, to);
      if (last) {
        Files.delete(from);
      }
    }
  }

  /** The log's directory. */
  Path log() {
    return log(data);
  }

  private static Path log(Path data) {
    return data.resolve("writer").resolve("log-0");
  }

  /** Bytes of all batches in it. */
  long bytes() {
    return bytes;
  }
}
