package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What lies behind the last acknowledged record is cut, whatever it looks like. */
final class TornTailTest {
  private static final String FIRST = SegmentName.live(1);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final CrashingStorage storage = new CrashingStorage(disk);

  private ScriptedLog log() throws IOException {
    return new ScriptedLog(LogProcess.CONFIG, storage, 3);
  }

  private int nonce() throws IOException {
    return SegmentChain.readHeader(storage, FIRST).nonce();
  }

  private long end() throws IOException {
    try (Storage.StorageFile file = storage.open(FIRST, Storage.Access.READ)) {
      return TailScan.of(file, SegmentChain.readHeader(storage, FIRST)).end();
    }
  }

  private static byte[] record(int nonce, int type, long position, long forcedUpTo, byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    int crcOfBody = (int) crc.getValue();
    int total = (int) RecordHeader.recordBytes(body.length);
    ByteBuffer bytes = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    new RecordHeader(type, 0, body.length, crcOfBody, position, forcedUpTo, 0, 1)
        .write(bytes, bytes.duplicate(), nonce, crc);
    return bytes.put(body).array();
  }

  private void overwrite(long at, byte[] with) throws IOException {
    byte[] bytes = disk.bytes(FIRST);
    System.arraycopy(with, 0, bytes, (int) at, with.length);
    disk.replace(FIRST, bytes);
  }

  @Test
  void aTornLastGroupIsCutAndTheCutIsWrittenDown() throws Exception {
    long acknowledged;
    try (ScriptedLog log = log()) {
      log.group(Records.of(1, 100), Records.of(2, 100)).mark();
      acknowledged = end();
      log.group(Records.of(3, 2_000));
    }
    overwrite(acknowledged + 600, new byte[512]);
    WalVerify.Report report = WalVerify.verify(storage);
    assertThat(report.isSound()).isTrue();
    assertThat(report.findings()).singleElement().asString().contains("TORN_TAIL", FIRST);

    assertThat(Reopening.of(disk).ids()).containsExactly(1L, 2L);
    assertThat(SegmentChain.readHeader(storage, SegmentName.live(2)).predecessorEnd())
        .isEqualTo(acknowledged);
    assertThat(Reopening.of(disk).ids()).containsExactly(1L, 2L, 9L);
  }

  @Test
  void aHoleWithLaterPagesInPlaceIsStillATornTail() throws Exception {
    long acknowledged;
    try (ScriptedLog log = log()) {
      log.group(Records.of(1, 100)).mark();
      acknowledged = end();
      log.group(Records.of(2, 600), Records.of(3, 600), Records.of(4, 600));
    }
    overwrite(acknowledged, new byte[64]);
    assertThat(Reopening.of(disk)).isEqualTo(new Reopening(List.of(1L), null));
  }

  @Test
  void aHoleBelowALaterMarkIsCorruption() throws Exception {
    long acknowledged;
    try (ScriptedLog log = log()) {
      log.group(Records.of(1, 100)).mark();
      acknowledged = end();
      log.group(Records.of(2, 600), Records.of(3, 600), Records.of(4, 600)).mark();
    }
    overwrite(acknowledged, new byte[64]);
    assertThat(Reopening.of(disk).failure())
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("offset " + acknowledged)
        .hasMessageContaining("knows position 4 forced");
  }

  @Test
  void recordsOfAnOlderNonceAreNeverRevived() throws Exception {
    try (ScriptedLog log = log()) {
      log.group(Records.of(1, 100)).finish();
    }
    int stale = nonce() ^ 0x5a5a;
    byte[] body = bytes(2, 40);
    overwrite(end(), record(stale, RecordHeader.BATCHES, 2, 1, body));
    overwrite(end() + 200, record(stale, RecordHeader.MARK, 9, 9, new byte[0]));
    assertThat(Reopening.of(disk)).isEqualTo(new Reopening(List.of(1L), null));
  }

  private static byte[] bytes(long id, int length) {
    byte[] bytes = new byte[length];
    Records.payload(id, length).get(bytes);
    return bytes;
  }

  @Test
  void payloadsThatLookLikeRecordsFoolNobody() throws Exception {
    byte[] forged = record(0x12345678, RecordHeader.MARK, 99, 99, new byte[0]);
    ByteBuffer payload = ByteBuffer.allocateDirect(40 * forged.length);
    while (payload.hasRemaining()) {
      payload.put(forged);
    }
    payload.flip();
    long acknowledged;
    try (ScriptedLog log = log()) {
      log.group(Records.of(1, 100)).mark();
      acknowledged = end();
      log.group(Records.record(Records.STREAM, payload, null));
    }
    assertThat(end()).isGreaterThan(acknowledged);
    overwrite(acknowledged, new byte[48]);
    assertThat(Reopening.of(disk)).isEqualTo(new Reopening(List.of(1L), null));
  }
}
