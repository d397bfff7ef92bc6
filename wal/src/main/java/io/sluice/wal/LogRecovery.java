package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start finds. Changes nothing but one thing: records of the newest segment that nothing
 * proves forced are written once more and forced, because a page whose write-back failed reads well
 * from the cache, counts as clean, and is gone after a power cut.
 *
 * @param idIsNew the log-id file is still to be written, after the first segment
 * @param found closed segments that hold records or may be read, oldest first
 * @param abandoned live names without records, to be recycled once the new segment is durable
 * @param nextNumber of the segment that this start begins
 * @param predecessor the segment before it, skipping abandoned ones; 0 if there is none
 * @param predecessorEnd where that one's records end: the cut
 */
record LogRecovery(
    UUID id,
    boolean idIsNew,
    List<Segment> found,
    List<SegmentHeader> abandoned,
    long lastPosition,
    long logTimeMicros,
    long nextNumber,
    long predecessor,
    long predecessorEnd) {
  private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);
  private static final int COPY_BYTES = 1 << 20;

  /**
   * @throws CorruptLogException something that was forced is damaged or missing
   */
  static LogRecovery run(LogEnvironment environment) throws IOException {
    Storage storage = environment.storage();
    UUID id = LogIdFile.read(storage);
    SegmentChain chain = chain(storage, id);
    if (chain.live().isEmpty()) {
      UUID made = new UUID(environment.random().nextLong(), environment.random().nextLong());
      long now = environment.wallMicros().getAsLong();
      return new LogRecovery(made, true, List.of(), List.of(), 0, now, 1, 0, 0);
    }
    SegmentHeader newest = chain.newest();
    TailScan scan = scanNewest(storage, newest, ExtentFile.read(storage, id));
    if (id == null) {
      checkUnused(newest, scan.lastPosition());
    }
    return of(chain, scan, id == null);
  }

  /**
   * The chain of the log with that id.
   *
   * @throws CorruptLogException it cannot be all that there was
   */
  static SegmentChain chain(Storage storage, @Nullable UUID id) throws IOException {
    for (String name : storage.list()) {
      if (SegmentName.isRepaired(name)) {
        throw new CorruptLogException(
            name, 0, "no such file", "a repair that was cut short (run 'sluice wal repair' again)");
      }
    }
    SegmentChain chain = SegmentChain.read(storage, id);
    if (chain.live().isEmpty() && id != null) {
      throw new CorruptLogException(
          storage.describe(), 0, "segments of log " + id, "none (restore them)");
    }
    Extent extent = ExtentFile.read(storage, id);
    if (extent != null) {
      chain.checkHolds(extent);
    }
    return chain;
  }

  /** Without a log-id file there was no record yet: the first segment is made before it. */
  static void checkUnused(SegmentHeader segment, long lastPosition) throws CorruptLogException {
    if (lastPosition > 0) {
      throw new CorruptLogException(
          SegmentName.LOG_ID, 0, "the id of log " + segment.logId(), "no such file");
    }
  }

  /** The extent may know positions as forced that the newest segment no longer tells of. */
  static void checkKnown(SegmentHeader newest, long end, long lastPosition, @Nullable Extent extent)
      throws CorruptLogException {
    if (extent != null && lastPosition < extent.known()) {
      throw new CorruptLogException(
          newest.fileName(),
          end,
          "records up to position " + extent.known() + ", which was forced",
          "records up to position " + lastPosition);
    }
  }

  private static TailScan scanNewest(Storage storage, SegmentHeader newest, @Nullable Extent extent)
      throws IOException {
    try (Storage.StorageFile file = storage.open(newest.fileName(), Storage.Access.WRITE)) {
      TailScan scan = TailScan.of(file, newest);
      checkKnown(newest, scan.end(), scan.lastPosition(), extent);
      rewrite(file, scan.unforcedFrom(), scan.end());
      if (scan.isTorn(file, newest)) {
        LOG.warn(
            "cut a torn write, never acknowledged, off the log: {} from offset {} (last position {})",
            newest.fileName(),
            scan.end(),
            scan.lastPosition());
      }
      return scan;
    }
  }

  private static void rewrite(Storage.StorageFile file, long from, long end) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect((int) Math.min(COPY_BYTES, end - from));
    long at = from;
    while (at < end) {
      bytes.clear().limit((int) Math.min(bytes.capacity(), end - at));
      file.readFully(bytes, at);
      bytes.flip();
      long written = bytes.remaining();
      file.write(new ByteBuffer[] {bytes}, 1, at);
      at += written;
    }
    file.force();
  }

  private static LogRecovery of(SegmentChain chain, TailScan scan, boolean idIsNew) {
    List<SegmentHeader> live = chain.live();
    SegmentHeader newest = chain.newest();
    List<SegmentHeader> abandoned = new ArrayList<>(chain.abandoned());
    List<Segment> found = new ArrayList<>();
    for (int i = 0; i + 1 < live.size(); i++) {
      SegmentHeader next = live.get(i + 1);
      found.add(Segment.found(live.get(i), next.predecessorEnd(), next.firstPosition() - 1));
    }
    boolean empty = scan.lastPosition() < newest.firstPosition();
    if (empty) {
      abandoned.add(newest);
    } else {
      found.add(Segment.found(newest, scan.end(), scan.lastPosition()));
    }
    return new LogRecovery(
        newest.logId(),
        idIsNew,
        found,
        abandoned,
        scan.lastPosition(),
        scan.logTimeMicros(),
        newest.number() + 1,
        empty ? newest.predecessor() : newest.number(),
        empty ? newest.predecessorEnd() : scan.end());
  }

  /** The newest segment if no record is in it: one of the abandoned. */
  @Nullable SegmentHeader emptyNewest() {
    for (SegmentHeader segment : abandoned) {
      if (segment.number() == nextNumber - 1) {
        return segment;
      }
    }
    return null;
  }

  /** The header of the segment that this start begins. */
  SegmentHeader firstHeader(long length, int nonce) {
    return new SegmentHeader(
        id,
        nextNumber,
        length,
        lastPosition + 1,
        logTimeMicros,
        nonce,
        predecessor,
        predecessorEnd);
  }
}
