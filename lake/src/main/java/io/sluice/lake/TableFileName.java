package io.sluice.lake;

import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data file's name: {@code <log>-<from>-<to>-<day>-s<shard>-<random>.parquet}. The random part is
 * new for each attempt, so that nobody ever writes over a file that may be in the table.
 */
public final class TableFileName {

  private static final Pattern NAME =
      Pattern.compile(
          "([0-9a-f-]{36})-(\\d{1,19})-(\\d{1,19})-[0-9-]+-s\\d+-[0-9a-f-]{36}\\.parquet");

  public static String of(LogRange range, LocalDate day, int shard, UUID random) {
    return "%s-%d-%d-%s-s%d-%s.parquet"
        .formatted(range.logId(), range.from(), range.to(), day, shard, random);
  }

  /** What the names of all files begin with that hold a log's rows from this position on. */
  static String prefix(UUID logId, long from) {
    return "%s-%d-".formatted(logId, from);
  }

  /** What rows a file of that name has; empty if it is not such a name. */
  static Optional<LogRange> range(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      UUID log = UUID.fromString(matcher.group(1));
      long from = Long.parseLong(matcher.group(2));
      return Optional.of(new LogRange(log, from, Long.parseLong(matcher.group(3))));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private TableFileName() {}
}
