package io.sluice.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks every byte that a log's directory promises: extent, headers, chain, records. Read-only and
 * without the lock: a log that is open changes meanwhile, so what is found there counts only if it
 * is found three times over.
 */
public final class WalVerify {
  private static final int READINGS_OF_AN_OPEN_LOG = 3;

  private final Storage storage;
  private final Set<Finding> findings = new LinkedHashSet<>();
  private int segments;
  private long records;
  private long bytes;
  private long lost;

  /** What a finding means. */
  public enum Kind {
    /** A write that never was acknowledged; the next start cuts it. */
    TORN_TAIL,
    /** Something that was forced is damaged or missing. */
    CORRUPT
  }

  /** One thing found, as a sentence that names file and offset. */
  public record Finding(Kind kind, String what) {}

  /**
   * @param records batches, not streams and marks
   * @param bytes of valid records, with headers and padding
   * @param lost positions that an earlier repair found lost
   * @param holder who has the log open, null: nobody
   */
  public record Report(
      List<Finding> findings,
      int segments,
      long records,
      long bytes,
      long lost,
      @Nullable String holder) {

    /** A torn tail is in order: power cuts make them. */
    public boolean isSound() {
      return findings.stream().noneMatch(finding -> finding.kind() == Kind.CORRUPT);
    }
  }

  private WalVerify(Storage storage) {
    this.storage = storage;
  }

  /**
   * @throws IOException the directory cannot be read, or is no log's
   */
  public static Report verify(Path directory) throws IOException {
    FileStorage storage = FileStorage.log(directory);
    String holder = storage.holder();
    Report report = verify(storage);
    if (holder == null) {
      return report;
    }
    Set<Finding> lasting = new LinkedHashSet<>(report.findings());
    for (int i = 1; i < READINGS_OF_AN_OPEN_LOG && !lasting.isEmpty(); i++) {
      report = verify(storage);
      lasting.retainAll(report.findings());
    }
    return new Report(
        List.copyOf(lasting),
        report.segments(),
        report.records(),
        report.bytes(),
        report.lost(),
        holder);
  }

  static Report verify(Storage storage) throws IOException {
    return new WalVerify(storage).report();
  }

  private Report report() throws IOException {
    checkChain();
    for (SegmentSurvey.Entry entry : SegmentSurvey.of(storage).entries()) {
      segments++;
      IOException failure = entry.failure();
      if (failure != null) {
        corrupt(failure);
      } else {
        checkRecords(entry);
      }
    }
    return new Report(new ArrayList<>(findings), segments, records, bytes, lost, null);
  }

  private void checkChain() {
    try {
      LogRecovery.chain(storage, LogIdFile.read(storage));
    } catch (IOException e) {
      corrupt(e);
    }
  }

  private void checkRecords(SegmentSurvey.Entry entry) {
    SegmentHeader header = entry.header();
    if (header == null) {
      return;
    }
    try (Storage.StorageFile file = storage.open(entry.file(), Storage.Access.READ)) {
      long end = entry.end();
      if (entry.endUnknown()) {
        TailScan scan = TailScan.of(file, header);
        if (scan.isTorn(file, header)) {
          String what = "%s has a torn write at offset %d (position %d is the last)";
          findings.add(
              new Finding(
                  Kind.TORN_TAIL, what.formatted(entry.file(), scan.end(), scan.lastPosition())));
        }
        if (!storage.list().contains(SegmentName.LOG_ID)) {
          LogRecovery.checkUnused(header, scan.lastPosition());
        }
        LogRecovery.checkKnown(header, scan, ExtentFile.read(storage, header.logId()));
        end = scan.end();
      }
      countRecords(new SegmentReader(file, header, new StreamInterner()), end);
    } catch (IOException e) {
      corrupt(e);
    }
  }

  private void countRecords(SegmentReader reader, long end) throws IOException {
    RecordHeader record = reader.next(end);
    while (record != null) {
      records += record.type() == RecordHeader.BATCHES ? 1 : 0;
      record = reader.next(end);
    }
    bytes += reader.offset() - SegmentHeader.BYTES;
    lost += reader.lost();
    Damage damage = reader.damage();
    if (damage != null) {
      throw damage.in(reader.segment().fileName());
    }
  }

  private void corrupt(IOException failure) {
    findings.add(new Finding(Kind.CORRUPT, String.valueOf(failure.getMessage())));
  }
}
