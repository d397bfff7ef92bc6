package io.sluice.writer.parquet;

import io.sluice.lake.LogRange;
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

  private TableFileName() {}
}
