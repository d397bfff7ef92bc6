package io.sluice.cli;

import io.sluice.wal.LogInUseException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The locks of replicas, as Apache Ratis keeps them: a file in each one's directory, which says who
 * has it.
 */
final class ReplicaLocks {

  static final String FILE = "in_use.lock";

  /** Those of a Writer's replicas. */
  static List<Path> of(Path raft) throws IOException {
    if (!Files.isDirectory(raft)) {
      return List.of();
    }
    try (Stream<Path> replicas = Files.list(raft)) {
      return replicas.map(replica -> replica.resolve(FILE)).filter(Files::exists).sorted().toList();
    }
  }

  /**
   * Holds it until that is closed.
   *
   * @throws LogInUseException a Writer has it
   */
  static Closeable hold(Path file) throws IOException {
    Path parent = file.getParent();
    Path directory = parent == null ? file : parent;
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new LogInUseException(directory, "process " + Files.readString(file).strip());
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new LogInUseException(directory, "this process");
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private ReplicaLocks() {}
}
