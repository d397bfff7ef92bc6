package io.sluice.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks every byte that a log's directory promises: headers, chain, records. Read-only and without
 * the lock; of a log that is being written it may find a torn tail that is none.
 */
public final class WalVerify {
  private final Storage storage;
  private final Set<Finding> findings = new LinkedHashSet<>();
  private int segments;
  private long records;
  private long bytes;

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
   */
  public record Report(List<Finding> findings, int segments, long records, long bytes) {

    /** A torn tail is in order: power cuts make them. */
    public boolean isSound() {
      return findings.stream().noneMatch(finding -> finding.kind() == Kind.CORRUPT);
    }
  }

  private WalVerify(Storage storage) {
    this.storage = storage;
  }

  /**
   * @throws IOException the directory cannot be read
   */
  public static Report verify(Path directory) throws IOException {
    return verify(FileStorage.existing(directory));
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
    return new Report(new ArrayList<>(findings), segments, records, bytes);
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
    Damage damage = reader.damage();
    if (damage != null) {
      throw damage.in(reader.segment().fileName());
    }
  }

  private void corrupt(IOException failure) {
    findings.add(new Finding(Kind.CORRUPT, String.valueOf(failure.getMessage())));
  }
}
