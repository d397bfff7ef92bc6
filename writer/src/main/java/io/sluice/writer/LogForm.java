package io.sluice.writer;

import io.sluice.schema.service.CannotStartException;
import io.sluice.schema.service.CommonSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Logs with one copy and with three are not each other's files: what a disk has of the other form
 * may owe rows to the tables, and nobody would look there.
 */
final class LogForm {

  /**
   * @throws CannotStartException the disk has logs of the other form
   */
  static void require(CommonSettings common) throws IOException {
    Optional<Path> other = common.isReplicated() ? local(common.data()) : replica(common.data());
    if (other.isPresent()) {
      throw new CannotStartException(
          "cannot start: %s is a log with %s, and replication-factor is %d (it cannot be changed: put it back, or begin with an empty data directory once everything is persisted)"
              .formatted(
                  other.get(),
                  common.isReplicated() ? "one copy" : "three copies",
                  common.replicationFactor()),
          null);
    }
  }

  private static Optional<Path> local(Path data) throws IOException {
    Path writer = LogPaths.all(data);
    if (!Files.isDirectory(writer)) {
      return Optional.empty();
    }
    try (Stream<Path> there = Files.list(writer)) {
      return there
          .filter(each -> String.valueOf(each.getFileName()).startsWith("log-"))
          .filter(each -> Files.exists(each.resolve("log-id")))
          .sorted()
          .findFirst();
    }
  }

  private static Optional<Path> replica(Path data) throws IOException {
    Path replicas = ReplicatedLogs.directory(data);
    if (!Files.isDirectory(replicas)) {
      return Optional.empty();
    }
    try (Stream<Path> there = Files.list(replicas)) {
      return there.filter(Files::isDirectory).sorted().findFirst();
    }
  }

  private LogForm() {}
}
