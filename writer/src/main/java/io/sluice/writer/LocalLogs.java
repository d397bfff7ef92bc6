package io.sluice.writer;

import io.sluice.schema.page.Latency;
import io.sluice.schema.service.CannotStartException;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LocalLog;
import io.sluice.wal.WalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Logs that are on the disk of this Writer alone.
 *
 * @param forces told how long each of theirs takes
 */
record LocalLogs(WriterSettings settings, WriterEnvironment.LogDisk disk, Latency forces)
    implements LogOpener {

  @Override
  public DurableLog open(int number, Consumer<Throwable> fatal) throws IOException {
    WalConfig wal = settings.wal(number);
    return LocalLog.open(wal, disk.of(wal.directory()).timing(forces::note), fatal);
  }

  /**
   * A log that was hosted here may owe rows to the tables, which nobody else has.
   *
   * @param numbers of those that are to be hosted
   * @throws CannotStartException there is another
   */
  void requireNoOthers(Collection<Integer> numbers) throws IOException {
    Path data = settings.common().data();
    Set<Path> ours =
        numbers.stream()
            .map(number -> LogPaths.of(data, number).records())
            .collect(Collectors.toSet());
    try (Stream<Path> there = Files.list(LogPaths.all(data))) {
      for (Path each : there.sorted().toList()) {
        if (each.getFileName().toString().startsWith("log-")
            && Files.exists(each.resolve("log-id"))
            && !ours.contains(each)) {
          throw new CannotStartException(
              "cannot start: %s is a log of this Writer, which is to host %s now (put logs, writers, writers.zones and writer.id back; to let a log go, flush it first, then remove its directory)"
                  .formatted(each, numbers),
              null);
        }
      }
    }
  }
}
