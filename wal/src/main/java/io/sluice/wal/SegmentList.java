package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The live segments, oldest first; they leave in this order only. Thread-safe. */
final class SegmentList {
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();

  SegmentList(List<Segment> found) {
    segments.addAll(found);
  }

  synchronized void add(Segment segment) {
    segments.addLast(segment);
  }

  synchronized long firstPosition() {
    return segments.getFirst().header().firstPosition();
  }

  synchronized SegmentHeader oldest() {
    return segments.getFirst().header();
  }

  /** Pins the segment that holds {@code from}, or will. */
  synchronized Segment pin(long from) throws IOException {
    if (from < firstPosition()) {
      throw new IOException(
          "cannot read log from position %d: it starts at %d (older positions were released)"
              .formatted(from, firstPosition()));
    }
    Segment found = segments.getFirst();
    for (Segment segment : segments) {
      if (segment.header().firstPosition() > from) {
        break;
      }
      found = segment;
    }
    found.pin();
    return found;
  }

  /** The closed segments with positions at or above {@code from}. */
  synchronized List<Segment> closedFrom(long from) {
    return segments.stream()
        .filter(segment -> segment.isClosed() && segment.lastPosition() >= from)
        .toList();
  }

  /** Moves a pin to the next segment; null, and nothing moved, if there is none yet. */
  synchronized @Nullable Segment pinNext(Segment pinned) {
    boolean passed = false;
    for (Segment segment : segments) {
      if (passed) {
        segment.pin();
        pinned.unpin();
        return segment;
      }
      passed = segment == pinned;
    }
    return null;
  }

  synchronized void unpin(Segment segment) {
    segment.unpin();
  }

  /** Takes the oldest segment out if it is closed, unpinned and wholly released. */
  synchronized @Nullable Segment takeReleased(long upTo) {
    Segment oldest = segments.getFirst();
    boolean free = oldest.isClosed() && !oldest.isPinned() && oldest.lastPosition() <= upTo;
    return free && segments.size() > 1 ? segments.removeFirst() : null;
  }
}
