package io.sluice.cli;

import io.sluice.wal.FileStorage;
import io.sluice.wal.LogInUseException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The locks of all logs that Writers keep on this machine. */
final class LogLocks implements AutoCloseable {

  private static final String FILE = "lock";
  private static final int DEPTH = 3;

  private final List<Path> files = new ArrayList<>();
  private final List<Closeable> held = new ArrayList<>();

  private LogLocks() {}

  /**
   * Takes them.
   *
   * @param homes directories, wherever below them the logs are
   * @throws LogInUseException another process has one; none is held then
   */
  static LogLocks below(Collection<Path> homes) throws IOException {
    LogLocks locks = new LogLocks();
    try {
      for (Path home : homes) {
        for (Path log : named(home, "log-\\d+")) {
          locks.held.add(FileStorage.existing(log).lock());
          locks.files.add(log.resolve(FILE));
        }
        for (Path raft : named(home, "raft")) {
          for (Path lock : ReplicaLocks.of(raft)) {
            locks.held.add(ReplicaLocks.hold(lock));
            locks.files.add(lock);
          }
        }
      }
      return locks;
    } catch (IOException e) {
      locks.close();
      throw e;
    }
  }

  private static List<Path> named(Path home, String name) throws IOException {
    try (Stream<Path> all = Files.walk(home, DEPTH)) {
      return all.filter(path -> path.getFileName().toString().matches(name))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    }
  }

  List<Path> files() {
    return List.copyOf(files);
  }

  @Override
  public void close() throws IOException {
    for (Closeable lock : held) {
      lock.close();
    }
  }
}
