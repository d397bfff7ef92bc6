package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a repair will make of a log, decided by reading alone: goes through the segments, oldest
 * first, each of which must follow the one before.
 */
final class RepairPlan {
  private static final long SMALLEST = 2L * SegmentHeader.BYTES;

  private final Storage storage;
  private final RepairSources sources;
  private final WalRepair.@Nullable RecordSummary summary;
  private final RandomGenerator random;
  private final List<MendedSegment> segments = new ArrayList<>();
  private final List<RepairSources.Stray> strays;

  private RepairPlan(
      Storage storage,
      RepairSources sources,
      WalRepair.@Nullable RecordSummary summary,
      RandomGenerator random) {
    this.storage = storage;
    this.sources = sources;
    this.summary = summary;
    this.random = random;
    this.strays = new ArrayList<>(sources.strays());
  }

  /**
   * @param summary null: nobody wants to know what was lost
   * @throws IOException the log cannot be read, or not be repaired
   */
  static RepairPlan of(
      Storage storage, WalRepair.@Nullable RecordSummary summary, RandomGenerator random)
      throws IOException {
    RepairPlan plan = new RepairPlan(storage, RepairSources.of(storage), summary, random);
    List<RepairSources.Source> files = plan.sources.files();
    for (int i = 0; i < files.size(); i++) {
      plan.add(files.get(i), i + 1 < files.size() ? files.get(i + 1) : null);
    }
    plan.addEnd();
    return plan;
  }

  RepairSources sources() {
    return sources;
  }

  List<MendedSegment> segments() {
    return segments;
  }

  List<RepairSources.Stray> strays() {
    return strays;
  }

  /** Without records there need not be one yet. */
  boolean isIdToBeWritten() {
    MendedSegment last = last();
    boolean isUsed = last != null && last.lastPosition() > 0;
    return sources.idIsBad() || (sources.idIsMissing() && isUsed);
  }

  /** What the extent must say afterwards; null: what it says, or there is none. */
  @Nullable Extent newExtent() {
    Extent extent = sources.extent();
    SegmentHeader oldest = segments.isEmpty() ? null : segments.get(0).header();
    return extent == null || oldest == null || oldest.number() <= extent.first()
        ? null
        : extent.beginningAt(oldest);
  }

  private @Nullable MendedSegment last() {
    return segments.isEmpty() ? null : segments.get(segments.size() - 1);
  }

  private void add(RepairSources.Source source, RepairSources.@Nullable Source follower)
      throws IOException {
    SegmentHeader next = follower == null ? null : follower.header();
    if (next != null && next.predecessor() < source.number()) {
      addAbandoned(source, next);
      return;
    }
    try (Storage.StorageFile file = storage.open(source.file(), Storage.Access.READ)) {
      SegmentHeader header = source.header();
      if (header == null) {
        header = rebuilt(file, source, lengthOf(source, next));
      }
      if (header == null) {
        strays.add(
            new RepairSources.Stray(
                source.file(), "neither its header nor a record of it can be read"));
        return;
      }
      header = bridge(header, source.header() == null);
      long known = Math.max(knownIn(header), next == null ? knownBefore(follower) : 0);
      SegmentSalvage salvage =
          next != null && next.predecessor() == header.number()
              ? SegmentSalvage.closed(file, header, next, summary)
              : SegmentSalvage.open(file, header, known, summary);
      segments.add(MendedSegment.of(header, source, salvage.orThrow()));
    }
  }

  /** Up to which position the extent knows its records as forced; 0: of no use. */
  private long knownIn(SegmentHeader header) {
    Extent extent = sources.extent();
    return extent == null || extent.newest() != header.number() ? 0 : extent.known();
  }

  /** What a segment knows whose header is bad; an older life of its file knows lower positions. */
  private long knownBefore(RepairSources.@Nullable Source follower) throws IOException {
    if (follower == null) {
      return 0;
    }
    try (Storage.StorageFile file = storage.open(follower.file(), Storage.Access.READ)) {
      return HeaderRebuild.knownBefore(file, follower.length());
    }
  }

  /** An interrupted start left it, empty: it stays for the next start to recycle. */
  private void addAbandoned(RepairSources.Source source, SegmentHeader next) {
    SegmentHeader header = source.header();
    boolean isEmpty =
        header != null
            && header.predecessor() == next.predecessor()
            && header.firstPosition() == next.firstPosition()
            && source.length() == header.length();
    if (!isEmpty || !source.file().equals(SegmentName.live(source.number()))) {
      strays.add(new RepairSources.Stray(source.file(), next.fileName() + " does not follow it"));
    }
  }

  /** What the file is long, or was at least. */
  private static long lengthOf(RepairSources.Source source, @Nullable SegmentHeader next) {
    return next == null || next.predecessor() != source.number()
        ? source.length()
        : Math.max(source.length(), wholePages(next.predecessorEnd()));
  }

  private static long wholePages(long bytes) {
    return (bytes + SegmentHeader.BYTES - 1) / SegmentHeader.BYTES * SegmentHeader.BYTES;
  }

  private @Nullable SegmentHeader rebuilt(
      Storage.StorageFile file, RepairSources.Source source, long length) throws IOException {
    MendedSegment before = last();
    return HeaderRebuild.of(
        file,
        source.number(),
        length,
        sources.logId(),
        before == null
            ? HeaderRebuild.Before.NOTHING
            : new HeaderRebuild.Before(
                before.header().number(), before.end(), before.lastPosition()),
        sources.extent());
  }

  /**
   * Puts what is missing between the last segment and this one in its place.
   *
   * @return the header, knowing where the last segment now ends
   */
  private SegmentHeader bridge(SegmentHeader header, boolean isRebuilt) throws IOException {
    MendedSegment before = last();
    Extent extent = sources.extent();
    long lastLost = header.firstPosition() - 1;
    if (before == null) {
      if (extent != null
          && extent.first() < header.number()
          && extent.firstPosition() < header.firstPosition()) {
        SegmentHeader missing =
            missing(
                header.predecessor(),
                header.predecessorEnd(),
                extent.firstPosition(),
                header.logTimeMicros());
        segments.add(MendedSegment.missing(missing, header.predecessorEnd(), lastLost));
      }
    } else if (header.predecessor() > before.header().number()) {
      SegmentHeader missing =
          missing(
              header.predecessor(),
              header.predecessorEnd(),
              before.lastPosition() + 1,
              header.logTimeMicros());
      segments.add(MendedSegment.missing(missing, header.predecessorEnd(), lastLost));
    } else if (isRebuilt && before.lastPosition() < lastLost) {
      MendedSegment longer = before.endingWith(lastLost);
      segments.set(segments.size() - 1, longer);
      return header.after(longer.end());
    } else if (before.lastPosition() < lastLost) {
      throw new IOException(
          "cannot repair %s: it begins after position %d, %s ends with %d (restore one of them)"
              .formatted(
                  header.fileName(), lastLost, before.header().fileName(), before.lastPosition()));
    }
    return header;
  }

  /** What the extent knows of the log's end. */
  private void addEnd() throws IOException {
    Extent extent = sources.extent();
    if (extent == null) {
      return;
    }
    MendedSegment before = last();
    long last = before == null ? extent.firstPosition() - 1 : before.lastPosition();
    if (before == null || extent.newest() > before.header().number()) {
      long time = before == null ? 0 : before.logTimeMicros();
      long end = SegmentHeader.BYTES + RecordHeader.BYTES;
      SegmentHeader missing = missing(extent.newest(), end, last + 1, time);
      segments.add(MendedSegment.missing(missing, end, extent.highestPossible()));
    } else if (last < extent.known()) {
      segments.set(segments.size() - 1, before.endingWith(extent.known()));
    }
  }

  private SegmentHeader missing(long number, long end, long firstPosition, long timeMicros)
      throws IOException {
    if (end < SegmentHeader.BYTES + RecordHeader.BYTES) {
      throw new IOException(
          "cannot repair %s: it held nothing, and it is missing (restore it)"
              .formatted(SegmentName.live(number)));
    }
    MendedSegment before = last();
    return new SegmentHeader(
        sources.logId(),
        number,
        Math.max(SMALLEST, wholePages(end)),
        firstPosition,
        timeMicros,
        random.nextInt(),
        before == null ? number - 1 : before.header().number(),
        before == null ? SegmentHeader.BYTES : before.end());
  }
}
