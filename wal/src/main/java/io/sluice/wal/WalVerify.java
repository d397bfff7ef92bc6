package io.sluice.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
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
  private final Set<String> unread = new HashSet<>();
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
        unread.add(entry.file());
      } else {
        checkRecords(entry);
      }
    }
    if (!findings.stream().allMatch(finding -> finding.kind() == Kind.TORN_TAIL)) {
      addWhatARepairFinds();
    }
    return new Report(new ArrayList<>(findings), segments, records, bytes, lost, null);
  }

  /** The chain names its first break only, and no records are read behind a header that is bad. */
  private void addWhatARepairFinds() {
    RepairPlan plan;
    try {
      plan = RepairPlan.of(storage, null, () -> 0);
    } catch (IOException e) {
      corrupt(e);
      return;
    }
    for (RepairSources.Stray stray : plan.strays()) {
      if (!isNamed(stray.file())) {
        corrupt("%s: %s".formatted(stray.file(), stray.why()));
      }
    }
    for (MendedSegment segment : plan.segments()) {
      String file = segment.header().fileName();
      boolean isMissing = segment.source() == null;
      if (isMissing ? !isNamed(file) : unread.contains(file)) {
        segment.holes().forEach(hole -> corrupt(hole.where(file)));
        segment.unpadded().forEach(record -> corrupt(record.where(file)));
      }
    }
  }

  private boolean isNamed(String file) {
    return findings.stream().anyMatch(finding -> finding.what().startsWith(file));
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
      SegmentHeader successor = entry.successor();
      if (successor != null) {
        salvaged(header, SegmentSalvage.closed(file, header, successor, null));
      } else if (entry.endUnknown()) {
        checkEnd(file, header);
      }
    } catch (IOException e) {
      corrupt(e);
    }
  }

  private void checkEnd(Storage.StorageFile file, SegmentHeader header) throws IOException {
    Extent extent = extent(header.logId());
    long known = extent == null ? 0 : extent.known();
    SegmentSalvage salvage = SegmentSalvage.open(file, header, known, null);
    salvaged(header, salvage);
    if (TailScan.search(file, header, salvage.end(), Long.MIN_VALUE) != null) {
      String what = "%s has a torn write at offset %d (position %d is the last)";
      findings.add(
          new Finding(
              Kind.TORN_TAIL,
              what.formatted(header.fileName(), salvage.end(), salvage.lastPosition())));
    }
    if (!storage.list().contains(SegmentName.LOG_ID)) {
      LogRecovery.checkUnused(header, salvage.lastPosition());
    }
    if (salvage.stuck() == null) {
      LogRecovery.checkKnown(header, salvage.end(), salvage.lastPosition(), extent);
    }
  }

  /** A bad one is a finding, and keeps nobody from looking at the records. */
  private @Nullable Extent extent(UUID logId) {
    try {
      return ExtentFile.read(storage, logId);
    } catch (IOException e) {
      corrupt(e);
      return null;
    }
  }

  private void salvaged(SegmentHeader header, SegmentSalvage salvage) {
    records += salvage.records();
    bytes += salvage.readableBytes();
    lost += salvage.lost();
    String file = header.fileName();
    salvage.bad().forEach(range -> corrupt(range.where(file)));
    salvage.unpadded().forEach(record -> corrupt(record.where(file)));
    if (salvage.stuck() != null) {
      corrupt(salvage.stuck());
    }
  }

  private void corrupt(IOException failure) {
    corrupt(
        failure instanceof CorruptLogException damage
            ? damage.what()
            : String.valueOf(failure.getMessage()));
  }

  private void corrupt(String what) {
    findings.add(new Finding(Kind.CORRUPT, what));
  }
}
