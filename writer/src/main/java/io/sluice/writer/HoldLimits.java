package io.sluice.writer;

import io.sluice.writer.persist.Holds;
import io.sluice.writer.persist.HotMemory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a Writer cannot be held, or no longer: rows would be refused soon, and they come first. What
 * memory cannot hold is left to the logs, so that these are what fills.
 */
record HoldLimits(WriterCore core, HostedLogs logs) implements Holds.Limits {

  @Override
  public @Nullable String against() {
    String away = core.catalog().why();
    if (away != null) {
      return away;
    }
    logs.all().forEach(HostedLog::mayBeHeld);
    String outage = core.memory().outage();
    return outage == null ? null : "nothing can be persisted now: " + outage;
  }

  @Override
  public @Nullable String pressing() {
    HotMemory memory = core.memory();
    if (memory.isScarce()) {
      return "hot rows take %d of %d bytes of memory (memory.max-bytes)"
          .formatted(memory.bytes(), memory.maxBytes());
    }
    return logs.all().stream()
        .map(HostedLog::pressing)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
