package io.sluice.writer.raft;

import io.sluice.wal.LogFullException;
import io.sluice.wal.LogUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much disk a group's log takes. Ratis does not tell, so that its files are looked at now and
 * then, and what is appended meanwhile is added. Thread-safe.
 */
final class LogDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);
  private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();

  /** Files that are begun, snapshots, and what other groups do meanwhile. */
  private static final int RESERVED_SEGMENTS = 2;

  private final Path directory;
  private final long maxBytes;
  private final long reservedBytes;
  private final LongSupplier nanoTime;
  private long lookedNanos;
  private long fileBytes = -1;
  private long diskBytes;
  private long appendedSince;
  private long releasedBytes;

  /**
   * @param directory of the log's files; may not be there yet
   */
  LogDirectory(Path directory, long maxBytes, long segmentBytes, LongSupplier nanoTime) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.reservedBytes = RESERVED_SEGMENTS * segmentBytes;
    this.nanoTime = nanoTime;
  }

  /** Is to be told of what is appended. */
  synchronized void appended(long bytes) {
    appendedSince += bytes;
  }

  /** Looks again the next time. */
  synchronized void look() {
    lookedNanos = nanoTime.getAsLong() - LOOK_NANOS;
  }

  /**
   * @throws LogFullException so much may not be appended now
   */
  synchronized void require(long bytes) throws LogFullException {
    LogUsage usage = usage();
    if (bytes > usage.roomBytes()) {
      throw new LogFullException(
          "cannot take %d bytes: the log uses %d of %d bytes (wait for commits, or raise wal.max-bytes)"
              .formatted(bytes, usage.usedBytes(), usage.budgetBytes()),
          bytes - usage.roomBytes());
    }
  }

  synchronized LogUsage usage() {
    long now = nanoTime.getAsLong();
    if (fileBytes < 0 || now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      long before = fileBytes + appendedSince;
      fileBytes = bytes();
      releasedBytes += fileBytes < before ? before - fileBytes : 0;
      appendedSince = 0;
    }
    long used = fileBytes + appendedSince;
    long onDisk = diskBytes - appendedSince - reservedBytes;
    long room = Math.max(0, Math.min(maxBytes - used, onDisk));
    return new LogUsage(used, 0, maxBytes, maxBytes, releasedBytes, room);
  }

  private long bytes() {
    long sum = 0;
    try {
      Path disk = directory;
      while (!Files.exists(disk) && disk.getParent() != null) {
        disk = disk.getParent();
      }
      diskBytes = Files.getFileStore(disk).getUsableSpace();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "log_*")) {
        for (Path file : files) {
          sum += size(file);
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("cannot look how large the log in {} is", directory, e);
      return Math.max(0, fileBytes);
    }
    return sum;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // renamed or let go meanwhile
    }
  }
}
