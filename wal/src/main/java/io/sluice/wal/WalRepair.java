package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a damaged log one that opens again: everything that can be read stays at its position, a
 * hole says which positions are lost, every file that is changed is first copied to a directory
 * {@code set-aside-TIME} in the log's. Wants the log closed. Cut short anywhere, it is run again:
 * changed segments are whole under names of their own before the first takes its place.
 */
public final class WalRepair {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Storage storage;
  private final Aside aside;
  private final RepairPlan plan;

  /** Says in a few words what a record that cannot be read held. */
  @FunctionalInterface
  public interface RecordSummary {
    /**
     * @param stream the stream's first message, null if it is not known
     * @param payload what is there of the payload, up to 7 bytes too long
     */
    String of(byte @Nullable [] stream, ByteBuffer payload);
  }

  /** Makes the directory that bad files go to. */
  @FunctionalInterface
  interface Aside {
    Storage open(String name) throws IOException;
  }

  /**
   * Records that cannot be read any more.
   *
   * @param first the lowest position, {@code last} the highest
   * @param content of a single record, as far as it is known; else empty
   */
  public record Lost(
      String file,
      long offset,
      long bytes,
      long first,
      long last,
      String expected,
      String actual,
      String content) {}

  /**
   * @param steps what is to be done, a sentence each; empty with no {@code lost}: nothing
   * @param setAside where the files that were changed are; null: nothing was done
   */
  public record Report(List<String> steps, List<Lost> lost, @Nullable String setAside) {
    public boolean isNeeded() {
      return !steps.isEmpty() || !lost.isEmpty();
    }
  }

  private WalRepair(Storage storage, Aside aside, RepairPlan plan) {
    this.storage = storage;
    this.aside = aside;
    this.plan = plan;
  }

  /**
   * Says what is wrong and what a repair does; does it if {@code yes}.
   *
   * @throws LogInUseException somebody has the log open
   * @throws LogVersionException the log is of another release
   * @throws IOException the directory cannot be read or written, or the log cannot be repaired
   */
  public static Report repair(Path directory, boolean yes, RecordSummary summary)
      throws IOException {
    FileStorage storage = FileStorage.log(directory);
    Aside beside = name -> FileStorage.create(directory.resolve(name));
    return repair(storage, beside, new SecureRandom(), Instant.now(), yes, summary);
  }

  static Report repair(
      Storage storage,
      Aside beside,
      RandomGenerator random,
      Instant now,
      boolean yes,
      RecordSummary summary)
      throws IOException {
    try (Closeable lock = storage.lock()) {
      RepairPlan plan = RepairPlan.of(storage, summary, random);
      WalRepair repair = new WalRepair(storage, beside, plan);
      String name = "set-aside-" + TIME.format(now);
      Report report = repair.report(yes ? name : null);
      if (!yes || !report.isNeeded()) {
        return new Report(report.steps(), report.lost(), null);
      }
      repair.run(name);
      return report;
    }
  }

  private Report report(@Nullable String setAside) {
    List<String> steps = new ArrayList<>();
    List<Lost> lost = new ArrayList<>();
    for (RepairSources.Stray stray : plan.strays()) {
      steps.add("%s: %s: set aside".formatted(stray.file(), stray.why()));
    }
    if (plan.isIdToBeWritten()) {
      steps.add(SegmentName.LOG_ID + ": written anew for log " + plan.sources().logId());
    }
    Extent extent = plan.newExtent();
    if (extent != null) {
      steps.add(
          "%s: written anew: the log begins with segment %d"
              .formatted(ExtentFile.NAME, extent.first()));
    }
    for (MendedSegment segment : plan.segments()) {
      steps.addAll(segment.steps());
      for (BadRange hole : segment.holes()) {
        if (hole.lastLost() >= hole.firstLost()) {
          lost.add(
              new Lost(
                  segment.header().fileName(),
                  hole.from(),
                  hole.to() - hole.from(),
                  hole.firstLost(),
                  hole.lastLost(),
                  hole.damage().expected(),
                  hole.damage().actual(),
                  hole.content()));
        }
      }
    }
    return new Report(steps, lost, setAside);
  }

  private void run(String name) throws IOException {
    RepairWriter writer = new RepairWriter(storage);
    List<MendedSegment> changed =
        plan.segments().stream().filter(MendedSegment::isToBePlaced).toList();
    writer.setAside(List.copyOf(bad(changed)), aside.open(name));
    for (MendedSegment segment : changed) {
      prepare(writer, segment);
    }
    storage.forceDirectory();
    Set<String> placed = new LinkedHashSet<>();
    if (plan.newExtent() != null) {
      placed.add(ExtentFile.NAME);
    }
    changed.forEach(segment -> placed.add(segment.header().fileName()));
    for (MendedSegment segment : changed) {
      long number = segment.header().number();
      storage.replace(SegmentName.repaired(number), SegmentName.live(number));
    }
    for (String file : bad(changed)) {
      if (!placed.contains(file) && storage.list().contains(file)) {
        storage.delete(file);
      }
    }
    storage.forceDirectory();
    if (plan.isIdToBeWritten()) {
      LogIdFile.write(storage, plan.sources().logId());
    }
    Extent extent = plan.newExtent();
    if (extent != null) {
      ExtentFile.write(storage, extent);
    }
  }

  /** Files that will not be there afterwards as they are now. */
  private Set<String> bad(List<MendedSegment> changed) {
    Set<String> bad = new LinkedHashSet<>();
    plan.strays().forEach(stray -> bad.add(stray.file()));
    if (plan.newExtent() != null) {
      bad.add(ExtentFile.NAME);
    }
    for (MendedSegment segment : changed) {
      RepairSources.Source source = segment.source();
      if (source != null) {
        bad.add(source.file());
      }
    }
    return bad;
  }

  /** Whole under its name for a repair on return; the directory is not forced. */
  private void prepare(RepairWriter writer, MendedSegment segment) throws IOException {
    long number = segment.header().number();
    String repaired = SegmentName.repaired(number);
    RepairSources.Source source = segment.source();
    if (source != null && source.file().equals(repaired) && !segment.isChanged()) {
      return;
    }
    String filling = SegmentName.filling(number);
    if (storage.list().contains(filling)) {
      storage.delete(filling);
    }
    writer.write(segment, filling);
    storage.replace(filling, repaired);
  }
}
