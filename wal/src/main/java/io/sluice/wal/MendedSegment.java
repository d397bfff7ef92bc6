package io.sluice.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment as it shall be after a repair: same number, same offsets, holes in place of bad ranges.
 *
 * @param source null: the file is missing, and all of the segment is a hole
 * @param holes the bad ranges, and what is known to be missing behind the last record
 */
record MendedSegment(
    SegmentHeader header,
    RepairSources.@Nullable Source source,
    long end,
    long lastPosition,
    long logTimeMicros,
    List<BadRange> holes,
    List<SegmentSalvage.Unpadded> unpadded) {

  static MendedSegment of(
      SegmentHeader header, RepairSources.Source source, SegmentSalvage salvage) {
    return new MendedSegment(
        header,
        source,
        salvage.end(),
        salvage.lastPosition(),
        salvage.logTimeMicros(),
        salvage.bad(),
        salvage.unpadded());
  }

  /** One whose file is missing: a hole from its first position up to {@code last}. */
  static MendedSegment missing(SegmentHeader header, long end, long last) {
    BadRange all =
        new BadRange(
            SegmentHeader.BYTES,
            end,
            header.firstPosition(),
            last,
            new Damage(0, "a segment", "no such file"),
            "");
    return new MendedSegment(
        header, null, end, last, header.logTimeMicros(), List.of(all), List.of());
  }

  /**
   * With a hole behind its last record.
   *
   * @throws IOException there is no room for one
   */
  MendedSegment endingWith(long last) throws IOException {
    long newEnd = end + RecordHeader.BYTES;
    if (newEnd > header.length()) {
      throw new IOException(
          "cannot repair %s: no room to write down that positions %d to %d are lost (restore it)"
              .formatted(header.fileName(), lastPosition + 1, last));
    }
    List<BadRange> all = new ArrayList<>(holes);
    Damage damage =
        new Damage(end, "records up to position " + last, "records up to position " + lastPosition);
    all.add(new BadRange(end, newEnd, lastPosition + 1, last, damage, ""));
    return new MendedSegment(header, source, newEnd, last, logTimeMicros, all, unpadded);
  }

  private boolean isHeaderNew() {
    return source == null || source.header() == null;
  }

  /** Whether the file must be written anew. */
  boolean isChanged() {
    return isHeaderNew() || !holes.isEmpty() || !unpadded.isEmpty() || isOfWrongLength();
  }

  /** Whether it is not yet where it shall be, as it shall be. */
  boolean isToBePlaced() {
    return isChanged() || (source != null && !source.file().equals(header.fileName()));
  }

  private boolean isOfWrongLength() {
    return source != null && source.length() != header.length();
  }

  /** What is done to it, but for lost records. */
  List<String> steps() {
    List<String> steps = new ArrayList<>();
    String name = header.fileName();
    RepairSources.Source from = source;
    if (from == null) {
      steps.add(
          name + ": expected a segment, found no such file: one that says so takes its place");
      return steps;
    }
    if (from.header() == null) {
      steps.add(name + " at offset 0: the header is made anew from the segment's name and records");
    }
    if (isOfWrongLength()) {
      steps.add(
          "%s: expected %d bytes, found %d: made as long as it was"
              .formatted(name, header.length(), from.length()));
    }
    if (!from.file().equals(name)) {
      steps.add("%s: is segment %d: becomes %s".formatted(from.file(), header.number(), name));
    }
    for (SegmentSalvage.Unpadded record : unpadded) {
      steps.add(
          "%s at offset %d: expected zeros up to %d, found %s: written again, the record before is whole"
              .formatted(name, record.from(), record.to(), record.actual()));
    }
    for (BadRange hole : holes) {
      if (hole.lastLost() < hole.firstLost()) {
        steps.add(
            "%s at offset %d: expected %s, found %s: %d bytes set aside, they held no batches"
                .formatted(
                    name,
                    hole.from(),
                    hole.damage().expected(),
                    hole.damage().actual(),
                    hole.to() - hole.from()));
      }
    }
    return steps;
  }
}
