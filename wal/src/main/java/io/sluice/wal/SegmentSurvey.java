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
  private static final Long END_OF_HEADER = (long) SegmentHeader.BYTES;

  /**
   * @param header null if it cannot be read: then {@code failure} says why
   * @param end where the successor says that it ends, else the file's length
   * @param endUnknown no successor says so: the newest segment, or one whose successor is gone
   */
  record Entry(
      String file,
      @Nullable SegmentHeader header,
      @Nullable IOException failure,
      long end,
      boolean endUnknown) {}

  static SegmentSurvey of(Storage storage) throws IOException {
    Map<String, SegmentHeader> headers = new HashMap<>();
    Map<String, IOException> failures = new HashMap<>();
    Map<Long, Long> ends = new HashMap<>();
    List<String> names =
        storage.list().stream()
            .filter(name -> name.endsWith(SegmentName.LIVE_SUFFIX))
            .sorted()
            .toList();
    for (String name : names) {
      try {
        SegmentHeader header = SegmentChain.readHeader(storage, name);
        headers.put(name, header);
        ends.put(header.predecessor(), header.predecessorEnd());
      } catch (IOException e) {
        failures.put(name, e);
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (String name : names) {
      SegmentHeader header = headers.get(name);
      Long end = header == null || isSkipped(header, headers) ? END_OF_HEADER : null;
      end = end == null && header != null ? ends.get(header.number()) : end;
      long length = header == null ? 0 : header.length();
      entries.add(
          new Entry(name, header, failures.get(name), end == null ? length : end, end == null));
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
