package io.sluice.wal;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The holes that readers of an open log have met: each is logged and counted once. Thread-safe. */
final class LostPositions {
  private static final Logger LOG = LoggerFactory.getLogger(LostPositions.class);

  private final Set<Long> met = new HashSet<>();
  private long count;

  /** Positions from {@code first} to {@code last} were set aside by a repair. */
  void met(String file, long offset, long first, long last) {
    boolean isNew;
    synchronized (this) {
      isNew = met.add(first);
      count += isNew ? last - first + 1 : 0;
    }
    if (isNew) {
      LOG.warn(
          "positions {} to {} are lost: a repair set them aside ({} at offset {})",
          first,
          last,
          file,
          offset);
    }
  }

  synchronized long count() {
    return count;
  }
}
