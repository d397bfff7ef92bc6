package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged files of every kind: the start and the verifier say the same, and never less. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DamageTest {
  private static final String CLOSED = SegmentName.live(2);
  private static final String NEWEST = SegmentName.live(3);
  private static final int HEADER = SegmentHeader.BYTES;

  private SimulatedDisk pristine;
  private long records;
  private int closedEnd;
  private int newestEnd;

  @BeforeAll
  void writeThreeSegments() throws IOException {
    pristine = new SimulatedDisk();
    CrashingStorage storage = new CrashingStorage(pristine);
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, storage, 7)) {
      while (!pristine.list().contains(NEWEST)) {
        log.group(Records.of(++records, 900), Records.of(++records, 301)).mark();
      }
      log.group(Records.of(++records, 1_500)).group(Records.of(++records, 77)).finish();
    }
    closedEnd = Math.toIntExact(SegmentChain.readHeader(storage, NEWEST).predecessorEnd());
    SegmentHeader newest = SegmentChain.readHeader(storage, NEWEST);
    try (Storage.StorageFile file = storage.open(NEWEST, Storage.Access.READ)) {
      newestEnd = Math.toIntExact(TailScan.of(file, newest).end());
    }
  }

  private enum Damage {
    ALL_JUNK(bytes -> random(bytes.length)),
    EMPTY(bytes -> new byte[0]),
    HEADER_ONLY(bytes -> Arrays.copyOf(bytes, HEADER)),
    HALF_A_HEADER(bytes -> Arrays.copyOf(bytes, HEADER / 2)),
    HEADER_BAD(bytes -> flip(bytes, 40)),
    CUT_IN_A_RECORDS_LENGTH(bytes -> Arrays.copyOf(bytes, HEADER + 10)),
    CUT_IN_A_PAYLOAD(bytes -> Arrays.copyOf(bytes, HEADER + 500)),
    CUT_BEHIND_ITS_RECORDS(bytes -> Arrays.copyOf(bytes, bytes.length - 512)),
    LONGER(bytes -> Arrays.copyOf(bytes, bytes.length + 4096)),
    FLIP_IN_FIRST_PAYLOAD(bytes -> flip(bytes, HEADER + 200)),
    ZEROED_PAGE(bytes -> fill(bytes, 2 * HEADER, 3 * HEADER)),
    MISSING(bytes -> null);

    private final UnaryOperator<byte[]> how;

    Damage(UnaryOperator<byte[]> how) {
      this.how = how;
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] flip(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 1;
    return copy;
  }

  private static byte[] fill(byte[] bytes, int from, int to) {
    byte[] copy = bytes.clone();
    Arrays.fill(copy, from, to, (byte) 0);
    return copy;
  }

  private List<Long> all() {
    return LongStream.rangeClosed(1, records).boxed().toList();
  }

  private SimulatedDisk damaged(String file, UnaryOperator<byte[]> how) throws IOException {
    SimulatedDisk disk = pristine.copy();
    disk.replace(file, how.apply(disk.bytes(file)));
    return disk;
  }

  private static WalVerify.Report verify(SimulatedDisk disk) throws IOException {
    return WalVerify.verify(new CrashingStorage(disk));
  }

  @Test
  void anUndamagedLogReplaysAndVerifies() throws Exception {
    WalVerify.Report report = verify(pristine);
    assertThat(report.findings()).isEmpty();
    assertThat(report.segments()).isEqualTo(3);
    assertThat(report.records()).isEqualTo(records);
    assertThat(Reopening.of(pristine.copy())).isEqualTo(new Reopening(all(), null));
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void aClosedSegmentsDamageIsNamed(Damage damage) throws Exception {
    SimulatedDisk disk = damaged(CLOSED, damage.how);
    assertThat(verify(disk).isSound()).isFalse();
    assertThat(verify(disk).findings().toString()).contains(CLOSED);
    Reopening reopening = Reopening.of(disk);
    assertThat(reopening.failure())
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(CLOSED);
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void theNewestSegmentsDamageIsNamed(Damage damage) throws Exception {
    SimulatedDisk disk =
        damaged(NEWEST, damage == Damage.ZEROED_PAGE ? this::zeroFirstRecord : damage.how);
    assertThat(verify(disk).isSound()).isFalse();
    assertThat(Reopening.of(disk).failure())
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(NEWEST);
  }

  private byte[] zeroFirstRecord(byte[] bytes) {
    return fill(bytes, HEADER, HEADER + 512);
  }

  @Test
  void junkBehindTheEndIsNotReadAndNotFeared() throws Exception {
    UnaryOperator<byte[]> junk =
        bytes -> {
          byte[] all = random(bytes.length);
          System.arraycopy(bytes, 0, all, 0, newestEnd);
          return all;
        };
    SimulatedDisk disk = damaged(NEWEST, junk);
    assertThat(verify(disk).isSound()).isTrue();
    assertThat(Reopening.of(disk)).isEqualTo(new Reopening(all(), null));
  }

  @Test
  void missingAndDoubledSegmentsAreNamed() throws Exception {
    SimulatedDisk doubled = pristine.copy();
    doubled.replace(SegmentName.live(4), doubled.bytes(CLOSED));
    assertThat(Reopening.of(doubled).failure()).hasMessageContaining(SegmentName.live(4));

    SimulatedDisk misnamed = pristine.copy();
    misnamed.replace("copy of 2.wal", misnamed.bytes(CLOSED));
    assertThat(Reopening.of(misnamed).failure()).hasMessageContaining("copy of 2.wal");

    SimulatedDisk none = pristine.copy();
    none.list().stream().filter(name -> name.endsWith(".wal")).forEach(n -> none.replace(n, null));
    assertThat(Reopening.of(none).failure()).hasMessageContaining("segments of log");
    assertThat(verify(none).isSound()).isFalse();

    SimulatedDisk noId = pristine.copy();
    noId.replace(SegmentName.LOG_ID, null);
    assertThat(Reopening.of(noId).failure()).hasMessageContaining("log-id");
    assertThat(verify(noId).isSound()).isFalse();
  }

  @Test
  void aSegmentOfAnotherLogIsNamed() throws Exception {
    SimulatedDisk other = new SimulatedDisk();
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, new CrashingStorage(other), 8)) {
      log.group(Records.of(1, 10)).finish();
    }
    SimulatedDisk disk = pristine.copy();
    disk.replace(SegmentName.live(1), other.bytes(SegmentName.live(1)));
    assertThat(Reopening.of(disk).failure()).hasMessageContaining("a segment of log");
    assertThat(verify(disk).isSound()).isFalse();
  }

  @Test
  void everyFlippedBitAtOrBelowTheLastMarkIsFound() throws Exception {
    List<String> missed = new ArrayList<>();
    Random random = new Random(5);
    int lastMark = newestEnd - RecordHeader.BYTES;
    for (String name : List.of(CLOSED, NEWEST)) {
      byte[] bytes = pristine.bytes(name);
      SimulatedDisk disk = pristine.copy();
      int end = name.equals(CLOSED) ? closedEnd : lastMark;
      int step = name.equals(CLOSED) ? 5 : 1;
      for (int at = 0; at < end; at += at < HEADER ? 13 : step) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        disk.replace(name, flipped);
        if (verify(disk).isSound()) {
          missed.add(name + " at " + at);
        }
      }
    }
    assertThat(missed).isEmpty();
  }

  @Test
  void everyBitOfAHeaderAndOfTheLastAcknowledgedGroupCounts() throws Exception {
    List<String> missed = new ArrayList<>();
    SimulatedDisk disk = pristine.copy();
    int lastMark = newestEnd - RecordHeader.BYTES;
    for (String name : List.of(SegmentName.live(1), CLOSED, NEWEST)) {
      byte[] bytes = pristine.bytes(name);
      int end = name.equals(NEWEST) ? lastMark : HEADER + 2 * RecordHeader.BYTES;
      for (int bit = 0; bit < 8 * end; bit++) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        disk.replace(name, flipped);
        if (verify(disk).isSound()) {
          missed.add(name + " bit " + bit);
        }
      }
      disk.replace(name, bytes);
    }
    assertThat(missed).isEmpty();
    assertThat(verify(disk).isSound()).isTrue();
  }

  @Test
  void aStartFindsWhatTheVerifierFinds() throws Exception {
    for (String name : List.of(CLOSED, NEWEST)) {
      int end = name.equals(CLOSED) ? closedEnd : newestEnd - RecordHeader.BYTES;
      for (int at = 0; at < end; at += 97) {
        int where = at;
        Throwable failure = Reopening.of(damaged(name, bytes -> flip(bytes, where))).failure();
        assertThat(failure)
            .as("%s at %d", name, at)
            .isNotNull()
            .hasMessageContaining(name)
            .hasMessageContaining("offset");
      }
    }
  }

  @Test
  void aSegmentThatIsMissingAtEitherEndIsMissed() throws Exception {
    for (String name : List.of(SegmentName.live(1), CLOSED, NEWEST)) {
      SimulatedDisk disk = damaged(name, bytes -> null);
      assertThat(verify(disk).findings().toString()).contains(name, "no such file");
      assertThat(Reopening.of(disk).failure())
          .isInstanceOf(CorruptLogException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("no such file");
    }
  }

  @Test
  void anOldCopyOfASegmentIsNoReplacement() throws Exception {
    SimulatedDisk closed = damaged(CLOSED, bytes -> fill(bytes, closedEnd - 500, bytes.length));
    assertThat(Reopening.of(closed).failure()).hasMessageContaining(CLOSED);
    SimulatedDisk newest = damaged(NEWEST, bytes -> fill(bytes, HEADER, bytes.length));
    assertThat(Reopening.of(newest).failure())
        .hasMessageContaining(NEWEST)
        .hasMessageContaining("records up to position " + records + ", which was forced");
    assertThat(verify(newest).isSound()).isFalse();
  }

  @Test
  void oneOfTheExtentsTwoCopiesIsEnough() throws Exception {
    for (int at = 0; at < Extent.BYTES; at++) {
      int first = at;
      int second = 4096 + at;
      SimulatedDisk one = damaged(ExtentFile.NAME, bytes -> flip(bytes, first));
      assertThat(verify(one).isSound()).isTrue();
      SimulatedDisk other = damaged(ExtentFile.NAME, bytes -> flip(bytes, second));
      assertThat(Reopening.of(other)).isEqualTo(new Reopening(all(), null));
      if (at < Extent.BYTES - 4) {
        SimulatedDisk both = damaged(ExtentFile.NAME, bytes -> flip(flip(bytes, first), second));
        assertThat(verify(both).isSound()).isFalse();
        assertThat(Reopening.of(both).failure()).hasMessageContaining(ExtentFile.NAME);
      }
    }
  }

  @Test
  void aLogOfAnEarlierReleaseHasNoExtentAndGetsOne() throws Exception {
    SimulatedDisk disk = damaged(ExtentFile.NAME, bytes -> null);
    assertThat(verify(disk).isSound()).isTrue();
    assertThat(Reopening.of(disk)).isEqualTo(new Reopening(all(), null));
    assertThat(disk.list()).contains(ExtentFile.NAME);
  }

  @Test
  void aFlipInTheLastMarkCostsNothing() throws Exception {
    for (int at = newestEnd - RecordHeader.BYTES; at < newestEnd; at++) {
      int where = at;
      SimulatedDisk disk = damaged(NEWEST, bytes -> flip(bytes, where));
      assertThat(verify(disk).isSound()).isTrue();
      assertThat(Reopening.of(disk)).isEqualTo(new Reopening(all(), null));
    }
  }

  @Test
  void aHeaderOfALaterFormatIsNotCalledCorrupt() throws Exception {
    SimulatedDisk disk =
        damaged(
            NEWEST,
            bytes -> {
              ByteBuffer later = ByteBuffer.wrap(bytes.clone());
              later.put(8, (byte) 2);
              java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
              crc.update(later.array(), 0, HEADER - 4);
              later.putInt(HEADER - 4, Integer.reverseBytes((int) crc.getValue()));
              return later.array();
            });
    assertThat(Reopening.of(disk).failure())
        .isInstanceOf(LogVersionException.class)
        .hasMessageContaining("version 2");
  }
}
