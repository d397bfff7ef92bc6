package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verifier names every damaged place of a log, a dump says that it does not. */
final class AllDamageTest {
  private static final String FIRST = SegmentName.live(1);
  private static final String CLOSED = SegmentName.live(2);
  private static final String NEWEST = SegmentName.live(4);

  private final SimulatedDisk disk = new SimulatedDisk();
  private long records;

  @BeforeEach
  void writeFourSegments() throws IOException {
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, new CrashingStorage(disk), 7)) {
      while (!disk.list().contains(NEWEST)) {
        log.group(Records.of(++records, 900)).mark();
      }
      for (int i = 0; i < 5; i++) {
        log.group(Records.of(++records, 900)).mark();
      }
      log.finish();
    }
  }

  /** Where the batches records of a segment lie, in order. */
  private List<Long> offsets(String name) throws IOException {
    List<Long> offsets = new ArrayList<>();
    for (SegmentSurvey.Entry entry : SegmentSurvey.of(new CrashingStorage(disk)).entries()) {
      if (entry.file().equals(name)) {
        try (Storage.StorageFile file = new CrashingStorage(disk).open(name, Storage.Access.READ)) {
          SegmentReader reader = new SegmentReader(file, entry.header(), new StreamInterner());
          for (RecordHeader h = reader.next(entry.end()); h != null; h = reader.next(entry.end())) {
            if (h.type() == RecordHeader.BATCHES) {
              offsets.add(reader.recordAt());
            }
          }
        }
      }
    }
    return offsets;
  }

  private void flip(String name, long at) throws IOException {
    byte[] bytes = disk.bytes(name).clone();
    bytes[Math.toIntExact(at)] ^= 1;
    disk.replace(name, bytes);
  }

  private List<String> found() throws IOException {
    return WalVerify.verify(new CrashingStorage(disk)).findings().stream()
        .map(WalVerify.Finding::what)
        .toList();
  }

  private static String at(String name, long offset) {
    return "%s at offset %d: ".formatted(name, offset);
  }

  @Test
  void everyDamagedPlaceOfEverySegmentIsNamed() throws Exception {
    List<String> expected = new ArrayList<>();
    for (String name : List.of(CLOSED, NEWEST)) {
      List<Long> offsets = offsets(name);
      for (int record : List.of(0, 2, 3)) {
        flip(name, offsets.get(record) + RecordHeader.BYTES + 50);
        expected.add(at(name, offsets.get(record)));
      }
    }
    List<String> found = found();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).startsWith(expected.get(i)).contains("payload CRC 0x", "positions ");
    }
    assertThat(WalVerify.verify(new CrashingStorage(disk)).records())
        .as("those behind damage are counted, too")
        .isEqualTo(records - expected.size());
  }

  @Test
  void itIsWhatARepairFinds() throws Exception {
    Random random = new Random(4);
    for (String name : List.of(FIRST, CLOSED, NEWEST)) {
      List<Long> offsets = offsets(name);
      for (int i = 0; i < 3; i++) {
        flip(name, offsets.get(random.nextInt(offsets.size() - 1)) + random.nextInt(900));
      }
    }
    WalRepair.Report dry =
        WalRepair.repair(
            new CrashingStorage(disk),
            name -> new CrashingStorage(new SimulatedDisk()),
            new Random(3),
            Instant.EPOCH,
            false,
            (stream, payload) -> "");
    List<String> found = found();
    assertThat(dry.lost()).hasSizeGreaterThan(3);
    for (WalRepair.Lost lost : dry.lost()) {
      assertThat(found).anyMatch(what -> what.startsWith(at(lost.file(), lost.offset())));
    }
  }

  @Test
  void damageBehindABadHeaderAndInACutSegmentIsNamed() throws Exception {
    long first = offsets(FIRST).get(1);
    long cut = offsets(CLOSED).get(1);
    flip(FIRST, 40);
    flip(FIRST, first + 60);
    flip(CLOSED, cut + 60);
    disk.replace(CLOSED, Arrays.copyOf(disk.bytes(CLOSED), 8_000));
    List<String> found = found();
    assertThat(found).anyMatch(what -> what.contains(FIRST) && what.contains("header CRC 0x"));
    assertThat(found).anyMatch(what -> what.startsWith(at(FIRST, first)));
    assertThat(found).anyMatch(what -> what.startsWith(at(CLOSED, cut)));
    assertThat(found).anyMatch(what -> what.startsWith(at(CLOSED, 8_000)));
  }

  @Test
  void everyMissingSegmentIsNamed() throws Exception {
    disk.replace(FIRST, null);
    disk.replace(SegmentName.live(3), null);
    assertThat(found()).anyMatch(what -> what.startsWith(FIRST));
    assertThat(found()).anyMatch(what -> what.startsWith(SegmentName.live(3)));
  }

  @Test
  void aDumpThatStopsSaysSoAndWhoNamesTheRest() throws Exception {
    for (String name : List.of(CLOSED, NEWEST)) {
      long offset = offsets(name).get(1);
      flip(name, offset + 60);
      List<String> lines = new ArrayList<>();
      WalDump.dump(new CrashingStorage(disk), stream -> "", lines::add);
      assertThat(lines)
          .filteredOn(line -> line.startsWith("%s %d DAMAGED ".formatted(name, offset)))
          .singleElement()
          .asString()
          .contains("the rest of this segment is not shown (run 'sluice wal verify ");
    }
  }
}
