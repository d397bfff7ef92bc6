package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two things are damaged, and one of them is what the repair of the other would have gone by. */
final class RepairOfNeighboursTest {
  private static final int HEADER = SegmentHeader.BYTES;
  private static final int PAYLOAD = 952;
  private static final int RECORD = (int) RecordHeader.recordBytes(PAYLOAD);
  private static final int FIRST = HEADER + (int) RecordHeader.recordBytes(Records.STREAM.length);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final CrashingStorage storage = new CrashingStorage(disk);
  private long records;

  /** No marks but the last; two records a group. */
  @BeforeEach
  void writeFiveSegments() throws IOException {
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, storage, 7)) {
      while (!disk.list().contains(SegmentName.live(5))) {
        log.group(Records.of(++records, PAYLOAD), Records.of(++records, PAYLOAD));
      }
      log.group(Records.of(++records, 8), Records.of(++records, 8), Records.of(++records, 8));
      log.finish();
    }
  }

  private long firstOf(long number) throws IOException {
    return SegmentChain.readHeader(storage, SegmentName.live(number)).firstPosition();
  }

  private void damage(long number, int from) throws IOException {
    byte[] bytes = disk.bytes(SegmentName.live(number));
    for (int at = from; at < from + 16; at++) {
      bytes[at] ^= 0x55;
    }
    disk.replace(SegmentName.live(number), bytes);
  }

  private void cut(long number, int length) throws IOException {
    String file = SegmentName.live(number);
    disk.replace(file, Arrays.copyOf(disk.bytes(file), length));
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private void repairLoses(List<Long> expected) throws Exception {
    CrashingStorage aside = new CrashingStorage(new SimulatedDisk());
    WalRepair.Report report =
        WalRepair.repair(
            storage, name -> aside, new Random(3), Instant.EPOCH, true, (stream, payload) -> "");
    List<Long> lost = new ArrayList<>();
    report.lost().forEach(each -> lost.addAll(range(each.first(), each.last())));
    assertThat(lost).isEqualTo(expected);
    assertThat(WalVerify.verify(storage).findings()).isEmpty();
    List<Long> left = new ArrayList<>(range(1, records));
    left.removeAll(expected);
    assertThat(Reopening.of(disk)).isEqualTo(new Reopening(left, null));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theHeaderBehindAMissingSegment(long number) throws Exception {
    List<Long> held = range(firstOf(number), firstOf(number + 1) - 1);
    disk.replace(SegmentName.live(number), null);
    damage(number + 1, 40);
    repairLoses(held);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theHeaderBehindALastGroupThatNoMarkCovers(long number) throws Exception {
    long next = firstOf(number + 1);
    int lastGroup = FIRST + (int) (next - firstOf(number) - 2) * RECORD;
    damage(number, lastGroup + 60);
    damage(number + 1, 40);
    repairLoses(List.of(next - 2));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theHeaderBehindASegmentThatWasCut(long number) throws Exception {
    List<Long> held = range(firstOf(number) + 5, firstOf(number + 1) - 1);
    cut(number, FIRST + 5 * RECORD + 100);
    damage(number + 1, 40);
    repairLoses(held);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theHeaderOfASegmentThatWasCut(long number) throws Exception {
    List<Long> held = range(firstOf(number) + 5, firstOf(number + 1) - 1);
    cut(number, FIRST + 5 * RECORD + 100);
    damage(number, 40);
    repairLoses(held);
  }

  /** That it was closed in order proves that all of its last group was forced. */
  @Test
  void theLastMark() throws Exception {
    int middle = FIRST + (int) (records - 3 - firstOf(5) + 1) * RECORD + 56;
    damage(5, middle + 20);
    damage(5, middle + 2 * 56);
    repairLoses(List.of(records - 1));
  }
}
