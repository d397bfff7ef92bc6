package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was expected and what was found are said in the same terms. */
final class DamageTextTest {
  private static final String FILE = SegmentName.live(1);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<Integer> offsets = new ArrayList<>();

  @BeforeEach
  void writeASegment() throws IOException {
    CrashingStorage storage = new CrashingStorage(disk);
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, storage, 7)) {
      for (int i = 1; i <= 5; i++) {
        log.group(Records.of(i, 100));
      }
      log.finish();
    }
    try (SegmentReader reader = reader()) {
      RecordHeader record = reader.next(1 << 14);
      while (record != null) {
        if (record.type() == RecordHeader.BATCHES) {
          offsets.add(Math.toIntExact(reader.recordAt()));
        }
        record = reader.next(1 << 14);
      }
    }
  }

  private SegmentReader reader() throws IOException {
    CrashingStorage storage = new CrashingStorage(disk);
    SegmentHeader header = SegmentChain.readHeader(storage, FILE);
    return new SegmentReader(storage.open(FILE, Storage.Access.READ), header, new StreamInterner());
  }

  private Damage damage(byte[] bytes) throws IOException {
    disk.replace(FILE, bytes);
    try (SegmentReader reader = reader()) {
      RecordHeader record = reader.next(1 << 14);
      while (record != null) {
        record = reader.next(1 << 14);
      }
      return reader.damage();
    }
  }

  private byte[] with(int at, int... values) throws IOException {
    byte[] bytes = disk.bytes(FILE).clone();
    for (int i = 0; i < values.length; i++) {
      bytes[at + i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void aPayloadIsTwoChecksumsInHex() throws Exception {
    Damage damage = damage(with(offsets.get(2) + RecordHeader.BYTES + 20, 1, 2, 3, 4));
    assertThat(damage.expected()).matches("payload CRC 0x[0-9a-f]{8}");
    assertThat(damage.actual())
        .matches("payload CRC 0x[0-9a-f]{8}")
        .isNotEqualTo(damage.expected());
  }

  @Test
  void aRecordIsItsKindPositionAndBytes() throws Exception {
    byte[] bytes = disk.bytes(FILE).clone();
    int length = offsets.get(3) - offsets.get(2);
    System.arraycopy(bytes, offsets.get(3), bytes, offsets.get(2), length);
    assertThat(damage(bytes))
        .isEqualTo(
            new Damage(
                offsets.get(2),
                "a record of position 3",
                "a batches record of position 4, %d bytes".formatted(length)));
  }

  @Test
  void bytesThatAreNoRecordAreInHex() throws Exception {
    assertThat(damage(with(offsets.get(2), 0xca, 0xfe, 0, 1, 2, 3, 4, 5)))
        .isEqualTo(
            new Damage(offsets.get(2), "a record after position 2", "bytes 0xcafe000102030405"));
  }

  @Test
  void paddingThatIsNoneIsInHex() throws Exception {
    Damage damage = damage(with(offsets.get(3) - 4, 0, 0, 0xab, 0));
    assertThat(damage.expected()).isEqualTo("zeros as padding");
    assertThat(damage.actual()).isEqualTo("bytes 0xab00");
  }

  @Test
  void aHeaderIsTwoNumbersInHex() throws Exception {
    assertThat(WalVerify.verify(storageWith(with(0, 0))).findings().toString())
        .contains("expected magic 0x4c41574349554c53, found magic 0x4c41574349554c00");
    assertThat(WalVerify.verify(storageWith(with(50, 77))).findings().toString())
        .containsPattern(
            "expected header CRC 0x[0-9a-f]{1,8}, found header CRC 0x[0-9a-f]{1,8}\\b");
  }

  private CrashingStorage storageWith(byte[] bytes) throws IOException {
    SimulatedDisk damaged = disk.copy();
    damaged.replace(FILE, bytes);
    return new CrashingStorage(damaged);
  }
}
