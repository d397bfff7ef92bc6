package io.sluice.wal;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reads forced records across segments, through files of its own. */
final class SegmentCursor implements LogCursor {
  private final Storage storage;
  private final SegmentList segments;
  private final Runnable unpinned;
  private final LostPositions lost;
  private final SegmentReader.Wanted wanted;
  private final StreamInterner interner = new StreamInterner();
  private Segment segment;
  private @Nullable SegmentReader reader;
  private long lostUpTo;
  private boolean closed;

  /**
   * @param segment pinned for this cursor
   * @param wanted what it returns
   * @param unpinned told when a segment may have become free
   * @param lost told of holes
   */
  SegmentCursor(
      Storage storage,
      SegmentList segments,
      Segment segment,
      SegmentReader.Wanted wanted,
      Runnable unpinned,
      LostPositions lost) {
    this.storage = storage;
    this.segments = segments;
    this.segment = segment;
    this.wanted = wanted;
    this.unpinned = unpinned;
    this.lost = lost;
  }

  @Override
  public @Nullable LogRecord next() throws IOException {
    if (closed) {
      throw new IOException("cannot read log: the cursor is closed");
    }
    while (true) {
      boolean whole = segment.isClosed();
      LogRecord record = nextInSegment(segment.end());
      if (record != null) {
        return record;
      }
      Segment next = whole ? segments.pinNext(segment) : null;
      if (next == null) {
        return null;
      }
      segment = next;
      closeReader();
      unpinned.run();
    }
  }

  private @Nullable LogRecord nextInSegment(long end) throws IOException {
    SegmentReader open = reader;
    if (open == null) {
      String name = segment.header().fileName();
      Storage.StorageFile file = storage.open(name, Storage.Access.READ);
      open = new SegmentReader(file, segment.header(), interner, wanted);
      reader = open;
    }
    long before = open.lastPosition();
    RecordHeader header = open.next(end);
    while (header != null) {
      if (header.type() == RecordHeader.HOLE
          && header.position() >= Math.max(wanted.from(), before + 1)) {
        lostUpTo = header.position();
        lost.met(segment.header().fileName(), open.recordAt(), before + 1, lostUpTo);
      }
      before = open.lastPosition();
      if (header.type() == RecordHeader.BATCHES && !open.isPassed(header)) {
        return open.record(header);
      }
      header = open.next(end);
    }
    Damage damage = open.damage();
    if (damage != null) {
      throw damage.in(segment.header().fileName()).of(storage.describe());
    }
    if (segment.isClosed() && end == segment.end()) {
      checkWhole(open);
    }
    return null;
  }

  /** The next segment's header says where this one's positions end. */
  private void checkWhole(SegmentReader read) throws CorruptLogException {
    if (read.lastPosition() != segment.lastPosition()) {
      throw new CorruptLogException(
              segment.header().fileName(),
              read.offset(),
              "positions up to " + segment.lastPosition(),
              "positions up to " + read.lastPosition())
          .of(storage.describe());
    }
  }

  @Override
  public long lostUpTo() {
    return lostUpTo;
  }

  private void closeReader() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    segments.unpin(segment);
    unpinned.run();
    try {
      closeReader();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close log cursor", e);
    }
  }
}
