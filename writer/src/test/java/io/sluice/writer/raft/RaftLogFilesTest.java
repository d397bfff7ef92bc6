package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a replica's files, sound and damaged ones. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RaftLogFilesTest {

  private static final String LONG = "0123456789abcdef".repeat(20 << 10);
  private static final int RECORDS = 5;

  @TempDir private static Path made;
  @TempDir private Path directory;

  /**
   * Writer 0 with records in three files, the last of which is in parts; and when it has released.
   */
  @BeforeAll
  static void makeReplicas() throws Exception {
    try (RaftCluster cluster = new RaftCluster(made)) {
      cluster.found();
      List<Long> positions = new ArrayList<>();
      for (int i = 1; i < RECORDS; i++) {
        positions.add(cluster.append(i + LONG));
      }
      positions.add(cluster.append(LONG.repeat(14)));
      Replica replica = cluster.replica(0);
      replica.await(() -> replica.texts().size() == RECORDS);
      assertThat(replica.positions()).isEqualTo(positions);
      Path there = made.resolve("writer-0-0");
      assertThat(RaftLogFiles.verify(only(there)).findings()).as("while it is open").isEmpty();
      copy(there, made.resolve("whole"));
      long upTo = positions.get(3);
      cluster.log(0).release(upTo, out -> replica.write(upTo, out));
      cluster.stop(0);
      copy(there, made.resolve("released"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }

  /** A copy of its own. */
  private Path replica(String which) throws IOException {
    copy(made.resolve(which), directory.resolve(which));
    return only(directory.resolve(which));
  }

  private static Path only(Path given) throws IOException {
    List<Path> replicas = RaftLogFiles.replicas(given);
    assertThat(replicas).hasSize(1);
    return replicas.get(0);
  }

  private static List<LogFile> files(Path replica) throws IOException {
    return LogFile.in(replica.resolve("current"));
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.toIntExact(at)] ^= 1;
    Files.write(file, bytes);
  }

  private static Map<Path, Long> contents(Path root) throws IOException {
    Map<Path, Long> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(each));
        contents.put(each, crc.getValue());
      }
    }
    return contents;
  }

  @Test
  void soundOneIsCountedAndNotTouched() throws Exception {
    Path replica = replica("whole");
    Files.createFile(replica.resolve("current").resolve("log_inprogress_99999"));
    Map<Path, Long> before = contents(replica);
    RaftLogFiles.Report report = RaftLogFiles.verify(replica);
    assertThat(report.findings()).isEmpty();
    assertThat(report.records()).isEqualTo(RECORDS);
    assertThat(report.first()).isZero();
    assertThat(report.entries()).isEqualTo(report.last() + 1);
    assertThat(report.number()).isZero();
    assertThat(report.snapshot()).isEqualTo(-1);
    List<String> lines = new ArrayList<>();
    RaftLogFiles.dump(replica, String::new, lines::add);
    assertThat(lines).hasSize((int) report.entries());
    assertThat(lines.stream().filter(line -> line.endsWith("crc=ok head of a stream")))
        .hasSize(RECORDS);
    assertThat(lines).anyMatch(line -> line.contains(" part bytes="));
    assertThat(contents(replica)).isEqualTo(before);
    assertThat(only(replica)).isEqualTo(replica.toAbsolutePath());
    assertThat(RaftLogFiles.replicas(replica.resolve("current"))).isEmpty();
  }

  @Test
  void entryWithAnotherCrcIsNamedAndTheFilesBehindItAreReadOn() throws Exception {
    Path replica = replica("whole");
    LogFile second = files(replica).get(1);
    assertThat(second.isOpen()).isFalse();
    RaftLogFiles.Report sound = RaftLogFiles.verify(replica);
    flip(second.path(), Files.size(second.path()) - LONG.length() / 2);
    RaftLogFiles.Report report = RaftLogFiles.verify(replica);
    assertThat(report.findings())
        .singleElement()
        .asString()
        .startsWith(
            "%s is damaged behind entry %d (%d entries of it can be read): "
                .formatted(second.name(), second.last() - 1, second.last() - second.first()))
        .contains("checksum");
    assertThat(report.entries()).isEqualTo(sound.entries() - 1);
    assertThat(report.last()).isEqualTo(sound.last());
  }

  @Test
  void fileThatIsGoneOrCutIsNamedByTheEntriesThatWereInIt() throws Exception {
    Path replica = replica("whole");
    List<LogFile> files = files(replica);
    Files.delete(files.get(1).path());
    assertThat(RaftLogFiles.verify(replica).findings())
        .containsExactly(
            "entries %d to %d are in no file".formatted(files.get(1).first(), files.get(1).last()));
    LogFile first = files.get(0);
    byte[] bytes = Files.readAllBytes(first.path());
    Files.write(first.path(), Arrays.copyOf(bytes, bytes.length - 9));
    assertThat(RaftLogFiles.verify(replica).findings())
        .contains("%s ends behind entry %d".formatted(first.name(), first.last() - 1));
  }

  @Test
  void whatASnapshotStandsForMayBeGoneAndTheSnapshotIsChecked() throws Exception {
    Path replica = replica("released");
    RaftLogFiles.Report report = RaftLogFiles.verify(replica);
    assertThat(report.findings()).isEmpty();
    assertThat(report.snapshot()).isPositive();
    assertThat(report.last()).isGreaterThan(report.snapshot());
    try (Stream<Path> all = Files.list(replica.resolve("sm"))) {
      for (Path each :
          all.filter(path -> path.toString().matches(".*snapshot\\.\\d+_\\d+")).toList()) {
        flip(each, 3);
        assertThat(RaftLogFiles.verify(replica).findings())
            .singleElement()
            .asString()
            .startsWith(each.getFileName() + " is damaged: its MD5 is ");
        Files.delete(each);
      }
    }
    LogFile first = files(replica).get(0);
    if (first.first() == 0) { // Ratis has not deleted it yet
      Files.delete(first.path());
      first = files(replica).get(0);
    }
    assertThat(RaftLogFiles.verify(replica).findings())
        .containsExactly("entries 0 to %d are in no file".formatted(first.first() - 1));
  }
}
