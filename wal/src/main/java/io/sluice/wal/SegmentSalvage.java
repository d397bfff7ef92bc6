package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of one segment: its records before, between and behind the bad ranges.
 *
 * @param end where its records end
 * @param lastPosition of the last record, read or lost
 * @param logTimeMicros the latest that was read
 * @param records batches that were read
 * @param lost positions that holes read here say are lost
 * @param bad in order; they do not touch
 * @param unpadded records that are whole, while the zeros behind them are none
 * @param stuck why holes cannot stand for what is missing; null: they can
 */
record SegmentSalvage(
    long end,
    long lastPosition,
    long logTimeMicros,
    long records,
    long lost,
    List<BadRange> bad,
    List<Unpadded> unpadded,
    @Nullable String stuck) {
  private static final int MAX_CONTENT = 256 << 20;

  /** The end of a whole record's payload and of the record. */
  record Unpadded(long from, long to, String actual) {
    /** What is bad there, as a sentence without its end. */
    String where(String file) {
      return new Damage(from, "zeros as padding up to offset " + to, actual).where(file);
    }
  }

  /**
   * @throws IOException holes cannot stand for what is missing
   */
  SegmentSalvage orThrow() throws IOException {
    if (stuck != null) {
      throw new IOException(stuck);
    }
    return this;
  }

  /** What its records take, with headers and padding. */
  long readableBytes() {
    return end - SegmentHeader.BYTES - bad.stream().mapToLong(r -> r.to() - r.from()).sum();
  }

  /**
   * Reads the newest segment, or one whose successor is unknown: what nothing proves forced is a
   * torn tail and no damage.
   *
   * @param known every position up to it was forced
   * @param summary null: nobody wants to know what was lost
   */
  static SegmentSalvage open(
      Storage.StorageFile file,
      SegmentHeader header,
      long known,
      WalRepair.@Nullable RecordSummary summary)
      throws IOException {
    return new Reading(file, header, header.length(), Long.MAX_VALUE, known, true, summary)
        .salvage();
  }

  /** Reads one whose successor says where it ends and with which position. */
  static SegmentSalvage closed(
      Storage.StorageFile file,
      SegmentHeader header,
      SegmentHeader successor,
      WalRepair.@Nullable RecordSummary summary)
      throws IOException {
    long last = successor.firstPosition() - 1;
    return new Reading(file, header, successor.predecessorEnd(), last, last, false, summary)
        .salvage();
  }

  /** One reading; nothing of it is kept. */
  private static final class Reading {
    private final Storage.StorageFile file;
    private final SegmentHeader header;
    private final long limit;
    private final long due;
    private final long known;
    private final boolean endUnknown;
    private final WalRepair.@Nullable RecordSummary summary;
    private final SegmentReader reader;
    private final RecordSearch search;
    private final List<BadRange> bad = new ArrayList<>();
    private final List<Unpadded> unpadded = new ArrayList<>();
    private long logTimeMicros;
    private long records;
    private @Nullable String stuck;

    Reading(
        Storage.StorageFile file,
        SegmentHeader header,
        long limit,
        long due,
        long known,
        boolean endUnknown,
        WalRepair.@Nullable RecordSummary summary) {
      this.file = file;
      this.header = header;
      this.limit = limit;
      this.due = due;
      this.known = known;
      this.endUnknown = endUnknown;
      this.summary = summary;
      this.logTimeMicros = header.logTimeMicros();
      this.reader = new SegmentReader(file, header, new StreamInterner());
      this.search = new RecordSearch(file, header.length());
    }

    SegmentSalvage salvage() throws IOException {
      Damage damage = damageAfterRecords();
      while (damage != null && !isTornTail(damage)) {
        if (!mend(damage)) {
          skip(damage);
        }
        damage = damageAfterRecords();
      }
      if (!endUnknown && reader.lastPosition() != due) {
        stuck =
            "cannot repair %s: it ends with position %d, its successor begins after %d (restore it)"
                .formatted(header.fileName(), reader.lastPosition(), due);
      }
      return new SegmentSalvage(
          reader.offset(),
          reader.lastPosition(),
          logTimeMicros,
          records,
          reader.lost(),
          bad,
          unpadded,
          stuck);
    }

    private @Nullable Damage damageAfterRecords() throws IOException {
      RecordHeader record = reader.next(limit);
      while (record != null) {
        logTimeMicros = Math.max(logTimeMicros, record.logTimeMicros());
        records += record.type() == RecordHeader.BATCHES ? 1 : 0;
        record = reader.next(limit);
      }
      return reader.damage();
    }

    private boolean isTornTail(Damage damage) throws IOException {
      long last = reader.lastPosition();
      return endUnknown
          && TailScan.search(file, header, damage.offset(), last) == null
          && !isKnownBehind(damage.offset(), last);
    }

    private boolean isKnownBehind(long at, long last) throws IOException {
      if (last >= known) {
        return false;
      }
      RecordSearch.Found next = next(at + RecordHeader.ALIGNMENT, last);
      return next != null && next.header().position() <= known;
    }

    private boolean mend(Damage damage) {
      long at = reader.offset();
      RecordHeader record = reader.acceptUnpadded();
      if (record == null) {
        return false;
      }
      records += record.type() == RecordHeader.BATCHES ? 1 : 0;
      unpadded.add(
          new Unpadded(
              at + RecordHeader.BYTES + record.payloadLength(),
              at + record.totalBytes(),
              damage.actual()));
      return true;
    }

    private void skip(Damage damage) throws IOException {
      long at = damage.offset();
      long last = reader.lastPosition();
      RecordHeader own = search.at(header.nonce(), at);
      RecordHeader whole = own != null && at + own.totalBytes() <= limit ? own : null;
      long least = whole == null ? RecordHeader.BYTES : whole.totalBytes();
      RecordSearch.Found next = next(at + least, last);
      if (next == null && endUnknown) {
        stuck =
            "cannot repair %s: no record follows the damage at offset %d (restore it)"
                .formatted(header.fileName(), at);
        bad.add(new BadRange(at, limit, last + 1, last, damage, ""));
        reader.skip(limit, last);
        return;
      }
      long to = next == null ? limit : next.offset();
      long lastLost = next == null ? due : lastBefore(next.header(), last);
      String content = "";
      if (whole != null && whole.type() == RecordHeader.BATCHES) {
        content = content(whole.stream(), at + RecordHeader.BYTES, whole.payloadLength());
      } else if (whole == null && lastLost == last + 1) {
        content = content(0, at + RecordHeader.BYTES, to - at - RecordHeader.BYTES);
      }
      bad.add(new BadRange(at, to, last + 1, lastLost, damage, content));
      reader.skip(to, lastLost);
    }

    private RecordSearch.@Nullable Found next(long from, long last) throws IOException {
      RecordSearch.Found found = search.first(header.nonce(), from, limit, h -> follows(h, last));
      while (found != null && found.end() > limit) {
        long on = found.offset() + RecordHeader.ALIGNMENT;
        found = search.first(header.nonce(), on, limit, h -> follows(h, last));
      }
      return found;
    }

    private boolean follows(RecordHeader record, long last) {
      long least = record.type() == RecordHeader.BATCHES ? last + 1 : last;
      return record.position() >= least && record.position() <= due;
    }

    /** A hole says itself what it lost. */
    private static long lastBefore(RecordHeader next, long last) {
      return switch (next.type()) {
        case RecordHeader.BATCHES -> next.position() - 1;
        case RecordHeader.HOLE -> last;
        default -> next.position();
      };
    }

    private String content(int stream, long at, long bytes) throws IOException {
      if (summary == null || bytes < 0 || bytes > MAX_CONTENT) {
        return "";
      }
      ByteBuffer payload = ByteBuffer.allocate((int) bytes);
      file.readFully(payload, at);
      return summary.of(reader.streamOf(stream), payload.flip());
    }
  }
}
