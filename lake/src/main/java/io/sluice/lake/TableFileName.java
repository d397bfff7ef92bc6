package io.sluice.lake;

import java.time.LocalDate;
import java.util.UUID;

/**
 * A data file's name: {@code <log>-<from>-<to>-<day>-s<shard>-<random>.parquet}. The random part is
 * new for each attempt, so that nobody ever writes over a file that may be in the table.
 */
public final class TableFileName {

  public static String of(LogRange range, LocalDate day, int shard, UUID random) {
    return "%s-%d-%d-%s-s%d-%s.parquet"
        .formatted(range.logId(), range.from(), range.to(), day, shard, random);
  }

  /** What the names of all files begin with that hold a log's rows from this position on. */
  static String prefix(UUID logId, long from) {
    return "%s-%d-".formatted(logId, from);
  }

  private TableFileName() {}
}
