package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A read of one stream passes the others by their headers, and misses nothing of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilteredReadTest {
  private static final byte[] OWN = "own".getBytes(StandardCharsets.UTF_8);
  private static final byte[][] FOREIGN = {
    "one".getBytes(StandardCharsets.UTF_8), "two".getBytes(StandardCharsets.UTF_8)
  };
  private static final Predicate<byte[]> IS_OWN = stream -> Arrays.equals(stream, OWN);
  private static final WalConfig CONFIG =
      new WalConfig(Path.of("simulated"), 1 << 20, 16L << 20, 512 << 10, 3);

  private final SimulatedDisk pristine = new SimulatedDisk();
  private final List<Written> closed = new ArrayList<>();
  private long records;

  /** Where a record of a closed segment is. */
  private record Written(String file, int at, RecordHeader header, boolean isOwn) {
    int payloadAt(int index) {
      return at + RecordHeader.BYTES + index;
    }
  }

  @BeforeAll
  void writeFourSegments() throws IOException {
    Random random = new Random(1);
    CrashingStorage storage = new CrashingStorage(pristine);
    try (ScriptedLog log = new ScriptedLog(CONFIG, storage, 7)) {
      while (!pristine.list().contains(SegmentName.live(4))) {
        boolean own = random.nextInt(4) == 0;
        byte[] stream = own ? OWN : FOREIGN[random.nextInt(2)];
        int bytes = random.nextInt(5) == 0 ? random.nextInt(1_000) : random.nextInt(150_000);
        log.group(Records.of(stream, ++records, bytes, null));
      }
      log.finish();
    }
    for (long number = 1; number < 4; number++) {
      note(storage, SegmentName.live(number), SegmentName.live(number + 1));
    }
  }

  private void note(Storage storage, String name, String next) throws IOException {
    long end = SegmentChain.readHeader(storage, next).predecessorEnd();
    try (Storage.StorageFile file = storage.open(name, Storage.Access.READ)) {
      SegmentHeader segment = SegmentChain.readHeader(storage, name);
      SegmentReader reader = new SegmentReader(file, segment, new StreamInterner());
      for (RecordHeader header = reader.next(end); header != null; header = reader.next(end)) {
        if (header.type() == RecordHeader.BATCHES) {
          boolean own = IS_OWN.test(reader.stream(header));
          closed.add(new Written(name, Math.toIntExact(reader.recordAt()), header, own));
        }
      }
    }
  }

  private static LocalLog open(Storage storage) throws IOException {
    LogEnvironment environment = LogProcess.environment(storage, new Random(1));
    return LocalLog.open(CONFIG, environment, failure -> {});
  }

  private static List<Long> ids(LogCursor cursor) throws IOException {
    List<Long> ids = new ArrayList<>();
    for (LogRecord record = cursor.next(); record != null; record = cursor.next()) {
      ids.add(Records.checkedId(record));
    }
    return ids;
  }

  private static List<Long> ownIds(SimulatedDisk disk) throws IOException {
    try (LocalLog log = open(new CrashingStorage(disk));
        LogCursor cursor = log.read(1, IS_OWN)) {
      return ids(cursor);
    }
  }

  private SimulatedDisk flipped(String file, int at) throws IOException {
    SimulatedDisk disk = pristine.copy();
    byte[] bytes = disk.bytes(file);
    bytes[at] ^= 1;
    disk.replace(file, bytes);
    return disk;
  }

  private List<Written> some(boolean own) {
    return closed.stream()
        .filter(record -> record.isOwn() == own && record.header().payloadLength() > 8)
        .toList();
  }

  @Test
  void whatAWholeReadGivesOfAStreamAFilteredOneGives() throws Exception {
    try (LocalLog log = open(new CrashingStorage(pristine.copy()))) {
      for (long from = 1; from <= records + 1; from++) {
        List<Long> expected = new ArrayList<>();
        try (LogCursor all = log.read(from)) {
          for (LogRecord record = all.next(); record != null; record = all.next()) {
            assertThat(record.position()).isGreaterThanOrEqualTo(from);
            if (IS_OWN.test(record.stream())) {
              expected.add(Records.checkedId(record));
            }
          }
        }
        try (LogCursor own = log.read(from, IS_OWN)) {
          assertThat(ids(own)).isEqualTo(expected);
        }
      }
      assertThat(some(true)).hasSizeGreaterThan(5);
    }
  }

  @Test
  void aFlippedBitInARecordOfItsOwnIsNoticed() throws Exception {
    for (Written record : some(true)) {
      int last = record.header().payloadLength() - 1;
      for (int index : new int[] {0, last / 2, last}) {
        SimulatedDisk disk = flipped(record.file(), record.payloadAt(index));
        assertThatThrownBy(() -> ownIds(disk))
            .isInstanceOf(CorruptLogException.class)
            .hasMessageContaining(record.file())
            .hasMessageContaining("offset " + record.at());
      }
    }
  }

  @Test
  void aFlippedBitInAnyHeaderIsNoticed() throws Exception {
    for (Written record : closed) {
      for (int index : new int[] {10, 33}) { // a length; a time, which only the checksum knows
        SimulatedDisk disk = flipped(record.file(), record.at() + index);
        assertThatThrownBy(() -> ownIds(disk)).isInstanceOf(CorruptLogException.class);
      }
    }
  }

  @Test
  void whatARecordOfAnotherHoldsIsNotLookedAtAndAWholeReadNoticesIt() throws Exception {
    Written record = some(false).get(3);
    SimulatedDisk disk = flipped(record.file(), record.payloadAt(5));
    assertThat(ownIds(disk)).isEqualTo(ownIds(pristine.copy()));
    try (LocalLog log = open(new CrashingStorage(disk));
        LogCursor all = log.read(1)) {
      assertThatThrownBy(() -> ids(all)).isInstanceOf(CorruptLogException.class);
    }
  }

  @Test
  void mostOfWhatIsOfOthersIsNotRead() throws Exception {
    WatchedStorage storage = new WatchedStorage(new CrashingStorage(pristine.copy()));
    try (LocalLog log = open(storage)) {
      long before = storage.bytesRead.get();
      try (LogCursor none = log.read(1, stream -> false)) {
        assertThat(ids(none)).isEmpty();
      }
      long passing = storage.bytesRead.get() - before;
      try (LogCursor all = log.read(1)) {
        assertThat(ids(all)).hasSize((int) records);
      }
      long whole = storage.bytesRead.get() - before - passing;
      assertThat(passing).isLessThan(whole / 2);
    }
  }
}
