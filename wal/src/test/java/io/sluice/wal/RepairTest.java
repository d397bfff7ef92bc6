package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A repaired log opens, holds all that was not damaged where it was, and says what it lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RepairTest {
  private static final String FIRST = SegmentName.live(1);
  private static final String MIDDLE = SegmentName.live(3);
  private static final String NEWEST = SegmentName.live(5);
  private static final int HEADER = SegmentHeader.BYTES;

  private final TreeMap<String, TreeMap<Integer, Span>> spans = new TreeMap<>();
  private SimulatedDisk pristine;
  private long records;

  /** Where a record lies; id 0: a stream or a mark. */
  private record Span(int from, int to, long id, int stream, boolean isStream) {}

  /** What a repair did to a disk. */
  private record Outcome(WalRepair.Report report, SimulatedDisk aside) {
    private Set<Long> lost() {
      return report.lost().stream()
          .flatMap(lost -> LongStream.rangeClosed(lost.first(), lost.last()).boxed())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @BeforeAll
  void writeFiveSegments() throws IOException {
    pristine = new SimulatedDisk();
    CrashingStorage storage = new CrashingStorage(pristine);
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, storage, 7)) {
      while (!pristine.list().contains(NEWEST)) {
        byte[] stream = {'s', (byte) (records % 3)};
        log.group(Records.of(++records, 901))
            .group(Records.of(stream, ++records, 303, null))
            .mark();
      }
      log.group(Records.of(++records, 1_500)).mark().group(Records.of(++records, 77)).finish();
    }
    for (SegmentSurvey.Entry entry : SegmentSurvey.of(storage).entries()) {
      TreeMap<Integer, Span> of = new TreeMap<>();
      spans.put(entry.file(), of);
      try (Storage.StorageFile file = storage.open(entry.file(), Storage.Access.READ)) {
        SegmentReader reader = new SegmentReader(file, entry.header(), new StreamInterner());
        for (RecordHeader h = reader.next(entry.end()); h != null; h = reader.next(entry.end())) {
          int at = (int) reader.recordAt();
          long id = h.type() == RecordHeader.BATCHES ? h.position() : 0;
          boolean isStream = h.type() == RecordHeader.STREAM;
          of.put(at, new Span(at, at + (int) h.totalBytes(), id, h.stream(), isStream));
        }
      }
    }
  }

  private Set<Long> all() {
    return LongStream.rangeClosed(1, records)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Long> minus(Set<Long> from, Set<Long> what) {
    Set<Long> left = new TreeSet<>(from);
    left.removeAll(what);
    return left;
  }

  private static Outcome repair(SimulatedDisk disk, boolean yes) throws IOException {
    SimulatedDisk aside = new SimulatedDisk();
    WalRepair.Report report =
        WalRepair.repair(
            new CrashingStorage(disk),
            name -> new CrashingStorage(aside),
            new Random(3),
            Instant.EPOCH,
            yes,
            (stream, payload) -> stream == null ? "unknown" : "stream of " + stream.length);
    return new Outcome(report, aside);
  }

  /** Repairs a damaged disk and holds the result against what may be missing. */
  private Outcome check(SimulatedDisk disk, Set<Long> mayBeLost, String what) throws Exception {
    SimulatedDisk before = disk.copy();
    assertThat(WalVerify.verify(new CrashingStorage(disk)).isSound()).as(what).isFalse();
    assertThat(Reopening.of(disk.copy()).failure())
        .as(what)
        .isInstanceOf(CorruptLogException.class);
    Outcome said = repair(disk, false);
    assertThat(said.report().isNeeded()).as(what).isTrue();
    for (String name : before.list()) {
      assertThat(disk.bytes(name))
          .as("%s: a dry run changes nothing", what)
          .isEqualTo(before.bytes(name));
    }
    Outcome done = repair(disk, true);
    assertThat(done.report().steps()).as(what).isEqualTo(said.report().steps());
    assertThat(done.report().lost()).as(what).isEqualTo(said.report().lost());
    for (String name : before.list()) {
      boolean isKept =
          disk.list().contains(name) && Arrays.equals(disk.bytes(name), before.bytes(name));
      assertThat(isKept || Arrays.equals(done.aside().bytes(name), before.bytes(name)))
          .as("%s: %s as it was is kept or set aside", what, name)
          .isTrue();
    }
    WalVerify.Report verified = WalVerify.verify(new CrashingStorage(disk));
    assertThat(verified.findings()).as(what).isEmpty();
    assertThat(repair(disk, false).report().isNeeded()).as("%s: nothing is left", what).isFalse();
    assertThat(mayBeLost).as(what).containsAll(minus(done.lost(), beyond()));
    for (int start = 0; start < 2; start++) {
      Reopening reopening = Reopening.of(disk);
      assertThat(reopening.failure()).as(what).isNull();
      List<Long> ids =
          reopening.ids().stream().filter(id -> id != 9L || all().contains(id)).toList();
      Set<Long> held = new TreeSet<>(ids);
      held.remove(9L);
      assertThat(held).as(what).isEqualTo(minus(minus(all(), done.lost()), Set.of(9L)));
    }
    return done;
  }

  private Set<Long> beyond() {
    return LongStream.rangeClosed(records + 1, records + 10_000)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Records that touch these bytes, and those whose stream does. */
  private Set<Long> touched(String file, int from, int to) {
    Set<Long> ids = new TreeSet<>();
    for (Span span : spans.get(file).values()) {
      if (span.from() < to && from < span.to()) {
        ids.add(span.id());
        if (span.isStream()) {
          spans.get(file).values().stream()
              .filter(other -> other.stream() == span.stream())
              .forEach(other -> ids.add(other.id()));
        }
      }
    }
    ids.remove(0L);
    return ids;
  }

  private SimulatedDisk damaged(String file, int from, byte[] with) throws IOException {
    SimulatedDisk disk = pristine.copy();
    byte[] bytes = disk.bytes(file);
    System.arraycopy(with, 0, bytes, from, with.length);
    disk.replace(file, bytes);
    return disk;
  }

  private static byte[] junk(int bytes) {
    byte[] junk = new byte[bytes];
    new Random(bytes).nextBytes(junk);
    return junk;
  }

  private int endOf(String file) {
    return spans.get(file).lastEntry().getValue().to();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000000000001.wal", "0000000000000003.wal", "0000000000000005.wal"})
  void aBadRangeCostsTheRecordsThatItTouches(String file) throws Exception {
    Random random = new Random(file.hashCode());
    int end = endOf(file) - (file.equals(NEWEST) ? 4 * RecordHeader.BYTES : 0);
    for (int i = 0; i < 120; i++) {
      int bytes = 1 + random.nextInt(random.nextBoolean() ? 8 : 5_000);
      int from = HEADER + random.nextInt(Math.max(1, end - HEADER - bytes));
      int to = Math.min(from + bytes, end);
      SimulatedDisk disk = damaged(file, from, junk(to - from));
      check(disk, touched(file, from, to), "%s %d to %d".formatted(file, from, to));
    }
  }

  @Test
  void severalBadRangesOfSeveralSegmentsAreMendedAtOnce() throws Exception {
    Random random = new Random(12);
    for (int i = 0; i < 60; i++) {
      SimulatedDisk disk = pristine.copy();
      Set<Long> touched = new TreeSet<>();
      for (int n = 0; n < 6; n++) {
        String file = SegmentName.live(1 + random.nextInt(4));
        int from = HEADER + random.nextInt(endOf(file) - HEADER - 600);
        int bytes = 1 + random.nextInt(600);
        byte[] content = disk.bytes(file);
        System.arraycopy(junk(bytes), 0, content, from, bytes);
        disk.replace(file, content);
        touched.addAll(touched(file, from, from + bytes));
      }
      check(disk, touched, "round " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000000000001.wal", "0000000000000003.wal", "0000000000000005.wal"})
  void aBadHeaderCostsNothing(String file) throws Exception {
    check(damaged(file, 0, new byte[HEADER]), Set.of(), "zeroed header of " + file);
    check(damaged(file, 40, junk(8)), Set.of(), "junk in the header of " + file);
  }

  @Test
  void aBadHeaderAndTheFirstPageBehindItCostWhatThePageHeld() throws Exception {
    for (String file : List.of(FIRST, MIDDLE, SegmentName.live(4))) {
      int to = HEADER + 4_096;
      check(damaged(file, 0, junk(to)), touched(file, HEADER, to), "two pages of " + file);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aMissingSegmentIsAHole(long number) throws Exception {
    String file = SegmentName.live(number);
    SimulatedDisk disk = pristine.copy();
    disk.replace(file, null);
    Set<Long> held = touched(file, HEADER, endOf(file));
    Outcome outcome = check(disk, held, "missing " + file);
    assertThat(outcome.lost()).isEqualTo(held);
    assertThat(outcome.report().steps()).singleElement().asString().contains(file, "no such file");
  }

  @Test
  void aMissingNewestSegmentLosesAtMostWhatItCouldHold() throws Exception {
    SimulatedDisk disk = pristine.copy();
    disk.replace(NEWEST, null);
    Set<Long> held = touched(NEWEST, HEADER, endOf(NEWEST));
    Outcome outcome = check(disk, held, "missing newest");
    assertThat(outcome.lost()).containsAll(held);
    assertThat(
            SegmentChain.readHeader(new CrashingStorage(disk), SegmentName.live(6)).firstPosition())
        .as("no position that may have been acknowledged is given again")
        .isGreaterThan(records + 100);
  }

  @Test
  void whatIsAppendedBehindALostEndIsAppliedOnce() throws Exception {
    SimulatedDisk disk = pristine.copy();
    disk.replace(NEWEST, null);
    repair(disk, true);
    LogEnvironment environment = LogProcess.environment(new CrashingStorage(disk), new Random(1));
    Collector collector = new Collector();
    LocalLog repaired = LocalLog.open(LogProcess.CONFIG, environment, e -> {});
    long last = repaired.recoveredPosition();
    try (LocalLog log = repaired) {
      append(log, Records.of(7_001, 20));
      append(log, Records.of(7_002, 20));
      try (LogCursor cursor = log.read(last + 1)) {
        while (cursor.next() == null) {
          LockSupport.parkNanos(1_000_000);
        }
      }
      log.start(1, collector);
      append(log, Records.of(7_003, 20));
      collector.awaitCount((int) touchedBelow(NEWEST) + 3);
    }
    assertThat(repaired.appliedPosition()).isEqualTo(last + 3);
    assertThat(collector.ids()).doesNotHaveDuplicates().endsWith(7_001L, 7_002L, 7_003L);
    assertThat(collector.positions()).isSorted().doesNotHaveDuplicates();
  }

  private static void append(LocalLog log, LogRecord record) throws LogFailedException {
    while (true) {
      try {
        log.append(record);
        return;
      } catch (LogFullException full) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private long touchedBelow(String newest) {
    return records - touched(newest, HEADER, endOf(newest)).size();
  }

  @Test
  void neighboursThatAreMissingAreOneHole() throws Exception {
    SimulatedDisk disk = pristine.copy();
    Set<Long> held = new TreeSet<>();
    for (String file : List.of(SegmentName.live(2), MIDDLE)) {
      disk.replace(file, null);
      held.addAll(touched(file, HEADER, endOf(file)));
    }
    assertThat(check(disk, held, "missing 2 and 3").lost()).isEqualTo(held);
    disk.replace(FIRST, null);
    for (String file : List.of(SegmentName.live(2), MIDDLE)) {
      disk.replace(file, null);
    }
    held.addAll(touched(FIRST, HEADER, endOf(FIRST)));
    assertThat(check(disk, held, "missing 1 to 3").lost()).isEqualTo(held);
  }

  @Test
  void allSegmentsMissingLeaveALogThatBeginsBehindAllItMayHaveHeld() throws Exception {
    SimulatedDisk disk = pristine.copy();
    for (String file : spans.keySet()) {
      disk.replace(file, null);
    }
    assertThat(check(disk, all(), "all missing").lost()).containsAll(all());
  }

  @ParameterizedTest
  @CsvSource({"2,3", "1,4", "3,5"})
  void swappedSegmentsComeBackToTheirPlaces(long one, long other) throws Exception {
    SimulatedDisk disk = pristine.copy();
    disk.replace(SegmentName.live(one), pristine.bytes(SegmentName.live(other)));
    disk.replace(SegmentName.live(other), pristine.bytes(SegmentName.live(one)));
    check(disk, Set.of(), "swapped");
  }

  @Test
  void copiesAndForeignSegmentsAreSetAside() throws Exception {
    SimulatedDisk copied = pristine.copy();
    copied.replace("copy of 3.wal", pristine.bytes(MIDDLE));
    copied.replace(SegmentName.live(6), pristine.bytes(MIDDLE));
    assertThat(check(copied, Set.of(), "copies").report().steps()).hasSize(2);

    SimulatedDisk other = new SimulatedDisk();
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, new CrashingStorage(other), 8)) {
      log.group(Records.of(1, 10)).finish();
    }
    SimulatedDisk foreign = pristine.copy();
    foreign.replace(FIRST, other.bytes(FIRST));
    Set<Long> held = touched(FIRST, HEADER, endOf(FIRST));
    assertThat(check(foreign, held, "foreign").lost()).isEqualTo(held);
  }

  @Test
  void aTruncatedSegmentKeepsWhatIsLeft() throws Exception {
    for (String file : List.of(FIRST, MIDDLE)) {
      for (int length = HEADER; length < endOf(file); length += 777) {
        SimulatedDisk disk = pristine.copy();
        disk.replace(file, Arrays.copyOf(pristine.bytes(file), length));
        check(disk, touched(file, length, endOf(file)), "%s cut at %d".formatted(file, length));
      }
    }
  }

  @Test
  void aDamagedLogIdOrExtentIsMadeAnew() throws Exception {
    for (String file : List.of(SegmentName.LOG_ID, ExtentFile.NAME)) {
      SimulatedDisk disk = pristine.copy();
      disk.replace(file, junk(pristine.bytes(file).length));
      check(disk, Set.of(), "junk as " + file);
    }
    SimulatedDisk disk = pristine.copy();
    disk.replace(SegmentName.LOG_ID, null);
    check(disk, Set.of(), "no log-id");
  }

  @Test
  void whatIsKnownOfALostRecordIsSaid() throws Exception {
    Span record = spans.get(MIDDLE).values().stream().filter(s -> s.id() > 0).findFirst().get();
    SimulatedDisk disk = damaged(MIDDLE, record.from() + 60, junk(1));
    WalRepair.Lost lost = repair(disk, false).report().lost().get(0);
    assertThat(lost.first()).isEqualTo(record.id()).isEqualTo(lost.last());
    assertThat(lost.file()).isEqualTo(MIDDLE);
    assertThat(lost.offset()).isEqualTo(record.from());
    assertThat(lost.expected()).startsWith("payload CRC");
    assertThat(lost.content()).startsWith("stream of");
  }

  @Test
  void aLogIdOfAnotherLogIsRefused() throws Exception {
    SimulatedDisk disk = pristine.copy();
    disk.replace(
        SegmentName.LOG_ID,
        "sluice-log 1 00000000-0000-0000-0000-000000000001\n"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThatThrownBy(() -> repair(disk, true)).hasMessageContaining("put together what belongs");
    List<String> names = new ArrayList<>(disk.list());
    assertThat(names).containsExactlyInAnyOrderElementsOf(pristine.list());
  }
}
