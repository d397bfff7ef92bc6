package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The live files of a directory as a tool sees them: each header by itself, and where it ends as
 * far as its successor says so. Changes nothing, needs no lock.
 */
record SegmentSurvey(List<Entry> entries) {
  /**
   * @param header null if it cannot be read: then {@code failure} says why
   * @param end where the successor says that it ends, else the file's length
   * @param endUnknown no successor says so: the newest segment, or one whose successor is gone
   * @param successor null: there is none, or it was skipped
   */
  record Entry(
      String file,
      @Nullable SegmentHeader header,
      @Nullable IOException failure,
      long end,
      boolean endUnknown,
      @Nullable SegmentHeader successor) {}

  static SegmentSurvey of(Storage storage) throws IOException {
    Map<String, SegmentHeader> headers = new HashMap<>();
    Map<String, IOException> failures = new HashMap<>();
    Map<Long, SegmentHeader> successors = new HashMap<>();
    List<String> names =
        storage.list().stream()
            .filter(name -> name.endsWith(SegmentName.LIVE_SUFFIX))
            .sorted()
            .toList();
    for (String name : names) {
      try {
        SegmentHeader header = SegmentChain.readHeader(storage, name);
        headers.put(name, header);
        successors.put(header.predecessor(), header);
      } catch (IOException e) {
        failures.put(name, e);
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (String name : names) {
      SegmentHeader header = headers.get(name);
      if (header == null || isSkipped(header, headers)) {
        entries.add(new Entry(name, header, failures.get(name), SegmentHeader.BYTES, false, null));
        continue;
      }
      SegmentHeader successor = successors.get(header.number());
      long end = successor == null ? header.length() : successor.predecessorEnd();
      entries.add(new Entry(name, header, null, end, successor == null, successor));
    }
    return new SegmentSurvey(entries);
  }

  /** An interrupted start left it, empty, and a later one went round it. */
  private static boolean isSkipped(SegmentHeader header, Map<String, SegmentHeader> headers) {
    return headers.values().stream()
        .anyMatch(
            other -> other.predecessor() < header.number() && header.number() < other.number());
  }
}
