package io.sluice.query;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records since a Writer's start, by what became of them, in its order. What came (taken, replayed)
 * is somewhere: all other names say where, also those of a newer Writer.
 */
public record RecordLedger(Map<String, Long> records) {

  /** Of a Writer that does not tell. */
  static final RecordLedger NONE = new RecordLedger(Map.of());

  public RecordLedger {
    records = Collections.unmodifiableMap(new LinkedHashMap<>(records));
  }

  /** 0, or the Writer has lost some; below 0: there are more than came. */
  public long missing() {
    return records.entrySet().stream()
        .mapToLong(entry -> came(entry.getKey()) ? entry.getValue() : -entry.getValue())
        .sum();
  }

  private static boolean came(String what) {
    return what.equals("taken") || what.equals("replayed");
  }

  /** Whether there was any. */
  public boolean isEmpty() {
    return records.values().stream().allMatch(count -> count == 0);
  }
}
