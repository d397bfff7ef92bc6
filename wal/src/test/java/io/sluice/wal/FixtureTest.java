package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log that format version 1 wrote is read for ever, and today's writer still writes its bytes.
 */
final class FixtureTest {
  private static final int RECORDS = 30;
  private static final WalConfig CONFIG =
      new WalConfig(Path.of("unused"), 16 << 10, 1 << 20, 4 << 10, 2);

  @TempDir private Path directory;

  private static Path fixture() throws URISyntaxException {
    return fixture("log-v1");
  }

  private static Path fixture(String name) throws URISyntaxException {
    return Path.of(FixtureTest.class.getResource("/" + name + "/log-id").toURI()).getParent();
  }

  private static void copy(Path from, Path to) throws IOException {
    for (String name : files(from)) {
      Files.copy(from.resolve(name), to.resolve(name));
    }
  }

  /** Version 1's log after a repair of a page that went bad. */
  static void repair(Path to) throws Exception {
    copy(fixture(), to);
    Path damaged = to.resolve(SegmentName.live(1));
    byte[] bytes = Files.readAllBytes(damaged);
    Arrays.fill(bytes, 6_000, 8_192, (byte) 0);
    Files.write(damaged, bytes);
    WalRepair.repair(to, true, (stream, payload) -> "");
  }

  @Test
  void todaysRepairWritesTheSameBytes() throws Exception {
    repair(directory);
    Path repaired = fixture("log-v1-repaired");
    assertThat(files(directory)).isEqualTo(files(repaired));
    for (String name : files(repaired)) {
      assertThat(directory.resolve(name)).hasSameBinaryContentAs(repaired.resolve(name));
    }
  }

  @Test
  void aRepairedLogReplaysAndSaysWhatItLost() throws Exception {
    copy(fixture("log-v1-repaired"), directory);
    WalVerify.Report report = WalVerify.verify(directory);
    assertThat(report.findings()).isEmpty();
    Collector collector = new Collector();
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    WalConfig config = new WalConfig(directory, 16 << 10, 1 << 20, 4 << 10, 2);
    try (LocalLog log = LocalLog.open(config, fatal::complete)) {
      log.start(1, collector);
      collector.awaitCount((int) (RECORDS - report.lost()));
      assertThat(log.lostPositions()).isEqualTo(report.lost()).isEqualTo(4);
      assertThat(log.recoveredPosition()).isEqualTo(RECORDS);
    }
    assertThat(collector.positions()).isEqualTo(collector.ids()).doesNotContain(3L, 4L, 5L, 6L);
    List<String> lines = new ArrayList<>();
    WalDump.dump(directory, stream -> "", lines::add);
    assertThat(lines).anyMatch(line -> line.contains(" hole position="));
    assertThat(fatal).isNotDone();
  }

  private static List<String> files(Path of) throws IOException {
    try (Stream<Path> paths = Files.list(of)) {
      return paths
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".wal") || name.equals("log-id"))
          .sorted()
          .toList();
    }
  }

  /** Three segments, two streams, one record larger than a segment, a clean stop. */
  static void write(Path to) throws IOException {
    byte[] other = {1, 2, 3};
    try (ScriptedLog log = new ScriptedLog(CONFIG, FileStorage.create(to), 2026)) {
      for (long id = 1; id < RECORDS; id += 2) {
        int large = id == 13 ? 20_000 : 400 + (int) id;
        log.group(Records.of(id, large));
        log.group(Records.of(other, id + 1, 1_001, null)).mark();
      }
      log.finish();
    }
  }

  @Test
  void todaysWriterWritesTheSameBytes() throws Exception {
    write(directory);
    assertThat(files(directory)).isEqualTo(files(fixture()));
    for (String name : files(fixture())) {
      assertThat(directory.resolve(name)).hasSameBinaryContentAs(fixture().resolve(name));
    }
  }

  @Test
  void versionOneReplays() throws Exception {
    for (String name : files(fixture())) {
      Files.copy(fixture().resolve(name), directory.resolve(name));
    }
    assertThat(WalVerify.verify(directory).findings()).isEmpty();
    Collector collector = new Collector();
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    WalConfig config = new WalConfig(directory, 16 << 10, 1 << 20, 4 << 10, 2);
    try (LocalLog log = LocalLog.open(config, fatal::complete)) {
      assertThat(log.id()).hasToString("9e5eb7ef-32a5-c2c5-d965-c8bb2dcfad64");
      log.start(1, collector);
      collector.awaitCount(RECORDS);
    }
    assertThat(collector.ids()).isEqualTo(LongStream.rangeClosed(1, RECORDS).boxed().toList());
    assertThat(fatal).isNotDone();
  }

  @Test
  void dumpPrintsALineForEachRecord() throws Exception {
    List<String> lines = new ArrayList<>();
    WalDump.dump(fixture(), stream -> "stream of " + stream.length, lines::add);
    assertThat(lines).filteredOn(line -> line.contains(" segment ")).hasSizeGreaterThan(2);
    assertThat(lines).filteredOn(line -> line.contains(" batches ")).hasSize(RECORDS);
    assertThat(lines).noneMatch(line -> line.contains("DAMAGED"));
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(SegmentName.live(1), "position=2 ", "bytes=1001", "stream of 3"));
  }
}
