package io.sluice.bench.figures;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where is measured, and on what: a figure of memory must not pass for one of a disk.
 *
 * @param type the file system's
 * @param store the device or mount
 */
record MeasuredDirectory(Path path, String type, String store) {

  /** Memory, or a layer whose first write to a file copies it. */
  private static final Set<String> NO_DISK = Set.of("tmpfs", "ramfs", "overlay", "overlayfs");

  static MeasuredDirectory of(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return new MeasuredDirectory(path.toAbsolutePath(), store.type(), store.name());
  }

  /**
   * Returns itself.
   *
   * @param way how to measure there all the same
   * @throws IOException it is not on a disk
   */
  MeasuredDirectory require(String way) throws IOException {
    if (NO_DISK.contains(type)) {
      throw new IOException(
          "cannot measure in %s: it is on %s, which is not a disk (name a directory on a disk, or %s)"
              .formatted(path, type, way));
    }
    return this;
  }

  @Override
  public String toString() {
    return "%s on %s (%s)".formatted(path, type, store);
  }
}
