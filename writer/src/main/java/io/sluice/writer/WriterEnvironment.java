package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.wal.LogEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What a Writer takes from outside, so that a fault harness can break it.
 *
 * @param log the disk, clocks and randomness of its log
 * @param lakes the tables' catalog and store
 */
public record WriterEnvironment(LogDisk log, LakeOpener lakes) {

  /** The log's directory as a disk. */
  @FunctionalInterface
  public interface LogDisk {
    LogEnvironment of(Path directory) throws IOException;
  }

  /** Opens what the tables are in; the service closes it. */
  @FunctionalInterface
  public interface LakeOpener {
    Lake open(LakeConfig config) throws LakeUnavailableException;
  }

  /** This machine's. */
  public static WriterEnvironment system() {
    return withLakes(config -> Lake.open(config, Clock.systemUTC()));
  }

  /** This machine's disk, and another lake. */
  static WriterEnvironment withLakes(LakeOpener lakes) {
    return new WriterEnvironment(LogEnvironment::system, lakes);
  }
}
