package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.FileFailure;
import io.sluice.wal.FileStorage;
import io.sluice.wal.LogInUseException;
import io.sluice.wal.WalConfig;
import io.sluice.writer.WriterSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The logs that a Writer keeps, or is to keep, on this machine. */
record WriterDisk(WriterSettings settings) {

  /** A log that is there goes on with one more segment; a new one takes nothing with fewer. */
  private static final int SEGMENTS_OF_A_NEW_LOG = 3;

  /** What is zero-filled ahead, and what else a replica begins with. */
  private static final long BYTES_OF_A_NEW_REPLICA = 8 << 20;

  /** With one, the Writer takes puts while what the tables are in is away. */
  boolean hasLog() {
    if (settings.common().isReplicated()) {
      return hasReplicas();
    }
    return logs().stream().anyMatch(log -> Files.exists(log.directory().resolve("log-id")));
  }

  Optional<String> inUse() {
    try {
      for (Path lock : ReplicaLocks.of(raft())) {
        ReplicaLocks.hold(lock).close();
      }
    } catch (LogInUseException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Optional.of("cannot open log: " + FileFailure.sentence(e));
    }
    for (WalConfig log : logs()) {
      if (Files.isDirectory(log.directory())) {
        try {
          FileStorage.existing(log.directory()).lock().close();
        } catch (LogInUseException e) {
          return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
          return Optional.of("cannot open log: " + FileFailure.sentence(e));
        }
      }
    }
    return Optional.empty();
  }

  /** Bytes that its logs need to begin, or to go on. */
  long neededBytes() throws IOException {
    if (settings.common().isReplicated()) {
      return hasReplicas() ? 0 : settings.common().logs() * BYTES_OF_A_NEW_REPLICA;
    }
    long needed = 0;
    for (WalConfig log : logs()) {
      if (!Files.isDirectory(log.directory())) {
        needed += SEGMENTS_OF_A_NEW_LOG * log.segmentBytes();
      } else if (!hasSpare(log)) {
        needed += log.segmentBytes();
      }
    }
    return needed;
  }

  private boolean hasReplicas() {
    try {
      return !ReplicaLocks.of(raft()).isEmpty();
    } catch (IOException e) {
      return false; // who opens it says why
    }
  }

  private Path raft() {
    return settings.common().data().resolve("writer").resolve("raft");
  }

  private static boolean hasSpare(WalConfig log) throws IOException {
    try (Stream<Path> files = Files.list(log.directory())) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("spare-"));
    }
  }

  private List<WalConfig> logs() {
    CommonSettings common = settings.common();
    return common.placement().logs(common.ordinal()).stream().map(settings::wal).toList();
  }
}
