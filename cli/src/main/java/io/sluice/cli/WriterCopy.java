package io.sluice.cli;

import io.sluice.schema.security.PrivateDirectory;
import io.sluice.wal.FileStorage;
import io.sluice.wal.WalCopy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a Writer has beside the tables, copied while it runs: its logs as {@link WalCopy} does it;
 * the files that belong to them are replaced and never written to, and are as they were while the
 * Writer is held.
 */
final class WriterCopy {

  /** Who has a log open; nobody has the copy. */
  private static final String LOCK = "lock";

  /**
   * Durable on return.
   *
   * @param from a log's directory, or a Writer's, with those of its logs
   * @param said told of each log
   */
  static void copy(Path from, Path to, Consumer<String> said) throws IOException {
    if (!Files.isDirectory(from)) {
      throw new IOException("cannot copy %s: it is no directory".formatted(from));
    }
    PrivateDirectory.create(to);
    if (Files.exists(from.resolve("log-id"))) {
      WalCopy.Report report = WalCopy.copy(from, to);
      said.accept(
          "%s: %d segments, up to position %d"
              .formatted(from, report.segments(), report.lastPosition()));
      return;
    }
    FileStorage made = FileStorage.create(to); // its name, too, is forced
    List<Path> entries;
    try (Stream<Path> all = Files.list(from)) {
      entries = all.sorted().toList();
    }
    for (Path entry : entries) {
      Path target = to.resolve(String.valueOf(entry.getFileName()));
      if (Files.isDirectory(entry)) {
        copy(entry, target, said);
      } else if (!target.endsWith(LOCK)) {
        Files.copy(entry, target, StandardCopyOption.COPY_ATTRIBUTES);
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
          file.force(true);
        }
      }
    }
    made.forceDirectory();
  }

  private WriterCopy() {}
}
