package io.sluice.query.replay;

import io.sluice.schema.security.PrivateDirectory;
import io.sluice.schema.service.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint on disk: FILE, and FILE.rows, a directory with what was hot when the replay began
 * and the lock of the process that has it. A new state replaces the old one by a rename, forced: a
 * crash leaves one of the two. Used by one thread at a time.
 */
final class CheckpointFile implements AutoCloseable {

  private final Path file;
  private final Path rows;
  private final FileChannel lockFile;
  private boolean ended;

  private CheckpointFile(Path file, Path rows, FileChannel lockFile) {
    this.file = file;
    this.rows = rows;
    this.lockFile = lockFile;
  }

  /**
   * Takes it, whether it is there or not.
   *
   * @throws ReplayException another process has it
   */
  static CheckpointFile open(Path file) throws IOException, ReplayException {
    Path absolute = file.toAbsolutePath();
    Path rows = absolute.resolveSibling(absolute.getFileName() + ".rows");
    PrivateDirectory.create(rows);
    FileChannel channel =
        FileChannel.open(rows.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new CheckpointFile(absolute, rows, channel);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw taken(file, e);
    }
    channel.close();
    throw taken(file, null);
  }

  private static ReplayException taken(Path file, @Nullable Throwable cause) {
    return new ReplayException(
        "cannot use checkpoint %s: another replay has it (wait for that one, or name another file)"
            .formatted(file),
        cause);
  }

  Path rows() {
    return rows;
  }

  /** What was saved last; null if there is none. */
  @Nullable Checkpoint read() throws IOException, ReplayException {
    if (!Files.exists(file)) {
      deleteRows(); // of one that ended before it had begun
      return null;
    }
    try {
      Checkpoint checkpoint = CheckpointJson.read(Files.readAllBytes(file));
      ended = checkpoint.ended();
      return checkpoint;
    } catch (IllegalArgumentException e) {
      throw new ReplayException(
          "cannot read checkpoint %s: %s (delete it to begin anew, or name another file)"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Once it returns, it is on the disk. */
  void save(Checkpoint checkpoint) throws ReplayException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(CheckpointJson.write(checkpoint));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(file.getParent());
      ended = checkpoint.ended();
    } catch (IOException e) {
      throw new ReplayException(
          "cannot save checkpoint: %s (what was sent since the last one will be sent again)"
              .formatted(FileFailure.sentence(e)),
          e);
    }
  }

  private static void force(@Nullable Path directory) throws IOException {
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private void deleteRows() throws IOException {
    try (Stream<Path> files = Files.list(rows)) {
      for (Path each : files.filter(f -> !f.endsWith("lock")).toList()) {
        Files.delete(each);
      }
    }
  }

  /** The rows are needed no more once it has ended. */
  @Override
  public void close() throws IOException {
    try (lockFile) {
      if (ended) {
        deleteRows();
        Files.delete(rows.resolve("lock"));
        Files.delete(rows);
      }
    }
  }
}
