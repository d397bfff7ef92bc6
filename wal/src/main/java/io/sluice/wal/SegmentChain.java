package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which files make up the log: from the newest segment back, each names its predecessor. Numbers
 * that the chain leaves out are empty segments that an interrupted start abandoned.
 *
 * @param live oldest first
 */
record SegmentChain(List<SegmentHeader> live, List<SegmentHeader> abandoned) {

  /**
   * @param logId null when the log's id is not known yet: then all must agree on one
   * @throws CorruptLogException a header is bad, or a segment is missing, doubled, cut or foreign
   */
  static SegmentChain read(Storage storage, @Nullable UUID logId) throws IOException {
    TreeMap<Long, SegmentHeader> headers = new TreeMap<>();
    UUID id = logId;
    for (String name : storage.list()) {
      if (name.endsWith(SegmentName.LIVE_SUFFIX)) {
        SegmentHeader header = readHeader(storage, name);
        if (id != null && !id.equals(header.logId())) {
          throw new CorruptLogException(
              name, 16, "a segment of log " + id, "one of log " + header.logId());
        }
        id = header.logId();
        headers.put(header.number(), header);
      }
    }
    return link(headers);
  }

  /** Reads and checks one live segment's header against its file. */
  static SegmentHeader readHeader(Storage storage, String name) throws IOException {
    try (Storage.StorageFile file = storage.open(name, Storage.Access.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
      file.readFully(bytes, 0);
      SegmentHeader header = SegmentHeader.decode(name, bytes.flip());
      if (!header.fileName().equals(name)) {
        throw new CorruptLogException(
            name, 32, "a segment of that name", "segment " + header.number());
      }
      if (file.length() != header.length()) {
        throw new CorruptLogException(
            name,
            file.length(),
            "a file of %d bytes".formatted(header.length()),
            "one of %d bytes".formatted(file.length()));
      }
      return header;
    }
  }

  private static SegmentChain link(TreeMap<Long, SegmentHeader> headers)
      throws CorruptLogException {
    ArrayDeque<SegmentHeader> live = new ArrayDeque<>();
    List<SegmentHeader> abandoned = new ArrayList<>();
    SegmentHeader next = headers.isEmpty() ? null : headers.pollLastEntry().getValue();
    while (next != null) {
      live.addFirst(next);
      while (!headers.isEmpty() && headers.lastKey() > next.predecessor()) {
        abandoned.add(checkAbandoned(headers.pollLastEntry().getValue(), next));
      }
      SegmentHeader before = headers.isEmpty() ? null : headers.pollLastEntry().getValue();
      if (before != null) {
        checkLink(before, next);
      }
      next = before;
    }
    return new SegmentChain(List.copyOf(live), abandoned);
  }

  private static void checkLink(SegmentHeader before, SegmentHeader next)
      throws CorruptLogException {
    if (before.number() != next.predecessor()) {
      throw new CorruptLogException(
          SegmentName.live(next.predecessor()),
          0,
          "the segment before " + next.fileName(),
          "no such file, but older ones");
    }
    boolean ordered =
        before.firstPosition() <= next.firstPosition()
            && next.predecessorEnd() >= SegmentHeader.BYTES
            && next.predecessorEnd() <= before.length();
    if (!ordered) {
      throw new CorruptLogException(
          next.fileName(),
          48,
          "first position %d at least, predecessor's end %d to %d"
              .formatted(before.firstPosition(), SegmentHeader.BYTES, before.length()),
          "first position %d, predecessor's end %d"
              .formatted(next.firstPosition(), next.predecessorEnd()));
    }
  }

  private static SegmentHeader checkAbandoned(SegmentHeader skipped, SegmentHeader next)
      throws CorruptLogException {
    if (skipped.predecessor() != next.predecessor()
        || skipped.firstPosition() != next.firstPosition()) {
      throw new CorruptLogException(
          next.fileName(),
          64,
          "predecessor " + skipped.number() + ", which is there",
          "predecessor " + next.predecessor());
    }
    return skipped;
  }

  /**
   * Neither end is missing.
   *
   * @throws CorruptLogException one is, or these are another log's segments
   */
  void checkHolds(Extent extent) throws CorruptLogException {
    long oldest = Long.MAX_VALUE;
    for (SegmentHeader header : concat()) {
      oldest = Math.min(oldest, header.number());
    }
    if (oldest > extent.first()) {
      throw missing(extent.first(), extent);
    }
    if (newest().number() < extent.newest()) {
      throw missing(extent.newest(), extent);
    }
    if (!newest().logId().equals(extent.logId())) {
      throw new CorruptLogException(
          ExtentFile.NAME, 16, "that of log " + newest().logId(), "that of log " + extent.logId());
    }
  }

  private List<SegmentHeader> concat() {
    List<SegmentHeader> all = new ArrayList<>(live);
    all.addAll(abandoned);
    return all;
  }

  private static CorruptLogException missing(long number, Extent extent) {
    return new CorruptLogException(
        SegmentName.live(number),
        0,
        "a segment: the log holds %d to %d at least".formatted(extent.first(), extent.newest()),
        "no such file");
  }

  /** The newest segment, the only one whose end is not written down. */
  SegmentHeader newest() {
    return live.get(live.size() - 1);
  }
}
