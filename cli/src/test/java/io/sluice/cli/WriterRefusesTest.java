package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SluiceProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Writer that nobody has looked out for: what is wrong with its disk is a sentence, too. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WriterRefusesTest {

  @TempDir private Path directory;

  @Test
  void diskWithoutRoomForASegment() throws Exception {
    assertRefused(
        "cannot start: cannot fill a segment of 1125899906842624 bytes: the disk has ",
        "(free disk space)",
        "--data=" + directory,
        "--wal.segment-bytes=1024TiB",
        "--wal.max-bytes=8192TiB");
  }

  @Test
  void dataDirectoryThatCannotBeWritten() throws Exception {
    assertRefused(
        "cannot start: ", "/data", "--data=" + BoxTest.unwritable(directory).resolve("data"));
  }

  @Test
  void warehouseThatIsAFile() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertRefused(
        "cannot start: cannot make warehouse: file://" + file,
        "warehouse",
        "--data=" + directory,
        "--warehouse=file://" + file);
  }

  @Test
  void catalogThatIsNone() throws Exception {
    Path file = Files.writeString(directory.resolve("catalog.db"), "of no use ".repeat(500));
    assertRefused(
        "cannot start: cannot open catalog jdbc:sqlite:" + file,
        "not a database",
        "--data=" + directory);
  }

  private static void assertRefused(String start, String why, String... settings) throws Exception {
    List<String> all = new ArrayList<>(SluiceProcess.freePorts());
    all.addAll(List.of(settings));
    Ended ended = SluiceProcess.run("writer", all);
    assertThat(ended.errors()).filteredOn(l -> l.startsWith("writer: ")).hasSize(1);
    assertThat(ended.errors())
        .anyMatch(line -> line.startsWith("writer: " + start) && line.contains(why));
    assertThat(ended.errors()).noneMatch(line -> line.startsWith("\tat "));
    assertThat(ended.out()).noneMatch(line -> line.startsWith("\tat "));
    assertThat(ended.code()).isEqualTo(2);
  }
}
