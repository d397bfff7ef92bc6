package io.sluice.bench.torture;

import io.sluice.bench.audit.AuditTarget;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All who read beside the faults: one by SQL, one in the other ways in turns. */
final class StormReaders implements AutoCloseable {

  private final Map<StormRead, StormTally> tallies = new EnumMap<>(StormRead.class);
  private final List<StormReader> readers;

  private StormReaders(AuditTarget target, List<Path> notes, FaultLog log) {
    for (StormRead kind : StormRead.values()) {
      tallies.put(kind, new StormTally());
    }
    readers =
        List.of(
            new StormReader(target, notes, List.of(StormRead.SQL), Map.copyOf(tallies), log),
            new StormReader(
                target,
                notes,
                List.of(
                    StormRead.SLOW, StormRead.OLD_SNAPSHOT, StormRead.FOLLOWING, StormRead.STALLED),
                Map.copyOf(tallies),
                log));
  }

  /**
   * @param notes what the loads note of what is sent and acked
   */
  static StormReaders start(AuditTarget target, List<Path> notes, FaultLog log) {
    StormReaders readers = new StormReaders(target, notes, log);
    readers.readers.forEach(StormReader::start);
    return readers;
  }

  /** Reads that gave all rows once. */
  int whole() {
    return tallies.values().stream().mapToInt(StormTally::whole).sum();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("reads:");
    tallies.forEach((kind, tally) -> text.append("%n  %s: %s".formatted(kind, tally)));
    return text.toString();
  }

  /** Lets reads come to their end. */
  @Override
  public void close() throws InterruptedException {
    for (StormReader reader : readers) {
      reader.close();
    }
  }
}
