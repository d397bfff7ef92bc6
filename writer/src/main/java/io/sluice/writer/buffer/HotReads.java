package io.sluice.writer.buffer;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The reads that are under way, in the order they were opened. Guarded by its monitor: readers'
 * threads come and go, the pace thread cuts.
 */
final class HotReads {

  private final Set<HotRead> open = new LinkedHashSet<>();

  synchronized HotRead opened(HotRead read) {
    open.add(read);
    return read;
  }

  synchronized void closed(HotRead read) {
    open.remove(read);
  }

  /** Whether one that was cut has not let go yet. */
  synchronized boolean isCutting() {
    return open.stream().anyMatch(HotRead::isCut);
  }

  /**
   * Cuts the oldest read that is in the way. One at a time: as long as one that was cut has not let
   * go, how much the next would free is not known.
   *
   * @return whether it cut one
   */
  synchronized boolean cutOldest(Predicate<HotRead> inTheWay, String reason) {
    if (isCutting()) {
      return false;
    }
    for (HotRead read : open) {
      if (inTheWay.test(read)) {
        read.cut(reason);
        return true;
      }
    }
    return false;
  }
}
