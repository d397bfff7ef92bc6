package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real file system says when something is wrong, and who holds the lock. */
final class FileStorageTest {
  private static final String PID = Long.toString(ProcessHandle.current().pid());

  @TempDir private Path directory;

  @Test
  void aReadErrorNamesFileOffsetAndReason() throws Exception {
    Path broken = Files.createDirectory(directory.resolve("broken")); // opens, and cannot be read
    Storage storage = FileStorage.existing(directory);
    try (Storage.StorageFile file = storage.open("broken", Storage.Access.READ)) {
      assertThatThrownBy(() -> file.read(ByteBuffer.allocate(8), 16))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot read " + broken + " at offset 16: Is a directory");
    }
  }

  @Test
  void aWriteErrorNamesFileOffsetAndReason() throws Exception {
    long beyondAnyFile = Long.MAX_VALUE - 4096;
    Storage storage = FileStorage.create(directory);
    try (Storage.StorageFile file = storage.create("full")) {
      ByteBuffer[] one = {ByteBuffer.allocate(8)};
      assertThatThrownBy(() -> file.write(one, 1, beyondAnyFile))
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "cannot write .*/full at offset "
                  + beyondAnyFile
                  + ": (File too large|Invalid argument)");
    }
  }

  @Test
  void theHolderIsKnownByProcessHostAndTime() throws Exception {
    FileStorage storage = FileStorage.create(directory);
    assertThat(storage.holder()).isNull();
    try (Closeable lock = storage.lock()) {
      assertThat(lock).isNotNull();
      assertThat(storage.holder())
          .startsWith("process " + PID + " on ")
          .contains(", running since 20");
      assertThatThrownBy(storage::lock)
          .isInstanceOf(LogInUseException.class)
          .hasMessageContaining("is in use by process " + PID + " on ")
          .hasMessageContaining("stop it");
    }
    assertThat(storage.holder()).isNull();
  }

  @Test
  void aStaleLockFileStopsNobodyAndAnEarlierReleasesIsRead() throws Exception {
    Path lock = directory.resolve("lock");
    Files.writeString(lock, "999999 2020-01-01T00:00:00Z elsewhere");
    FileStorage storage = FileStorage.create(directory);
    assertThat(storage.holder()).isNull();
    try (Closeable held = storage.lock()) {
      assertThat(held).isNotNull();
      assertThat(storage.holder()).startsWith("process " + PID);
    }
    Files.writeString(lock, "4711");
    assertThat(signedBy(lock)).isEqualTo("process 4711");
    Files.writeString(lock, "");
    assertThat(signedBy(lock)).isEqualTo("another process");
  }

  private static String signedBy(Path lock) throws IOException {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ)) {
      return LockHolder.read(channel).describe();
    }
  }

  @Test
  void aDirectoryThatIsNoLogsIsRefusedByTheTools() throws Exception {
    Files.createFile(directory.resolve("something.txt"));
    assertThatThrownBy(() -> WalVerify.verify(directory))
        .hasMessageContaining("is no log's directory");
    assertThatThrownBy(() -> WalDump.dump(directory, stream -> "", line -> {}))
        .hasMessageContaining("is no log's directory");
    assertThatThrownBy(() -> WalRepair.repair(directory, true, (stream, payload) -> ""))
        .hasMessageContaining("is no log's directory");
    assertThatThrownBy(() -> WalVerify.verify(directory.resolve("none")))
        .hasMessageContaining("is no directory");
    assertThat(directory.toFile().list()).containsExactly("something.txt");
  }

  @Test
  void aLogIsVerifiedWhileItIsWrittenAndRepairedOnlyWhenItIsNot() throws Exception {
    WalConfig config = new WalConfig(directory, 16 << 10, 1 << 20, 4 << 10, 2);
    Collector collector = new Collector();
    try (LocalLog log = LocalLog.open(config, e -> {})) {
      log.start(1, collector);
      for (int id = 1; id <= 60; id++) {
        log.append(Records.of(id, 900));
        collector.awaitCount(id);
        log.release(id - 20);
        WalVerify.Report report = WalVerify.verify(directory);
        assertThat(report.isSound()).as(report.findings().toString()).isTrue();
        assertThat(report.holder()).startsWith("process " + PID);
      }
      assertThatThrownBy(() -> WalRepair.repair(directory, true, (stream, payload) -> ""))
          .isInstanceOf(LogInUseException.class);
    }
    assertThat(WalVerify.verify(directory).holder()).isNull();
    assertThat(WalRepair.repair(directory, true, (stream, payload) -> "").isNeeded()).isFalse();
  }

  /** A process loses its file locks when it closes any descriptor of the file. */
  @Test
  void whoAsksInTheSameProcessDoesNotLetOtherProcessesIn() throws Exception {
    FileStorage storage = FileStorage.create(directory);
    try (Closeable lock = storage.lock()) {
      assertThat(lock).isNotNull();
      assertThat(anotherProcessTakesIt()).as("at first").isFalse();
      assertThat(FileStorage.existing(directory).holder()).isNotNull();
      assertThat(anotherProcessTakesIt()).as("after somebody asked").isFalse();
      assertThatThrownBy(FileStorage.existing(directory)::lock)
          .isInstanceOf(LogInUseException.class);
      assertThat(anotherProcessTakesIt()).as("after somebody tried").isFalse();
    }
    assertThat(anotherProcessTakesIt()).as("once it is free").isTrue();
  }

  private boolean anotherProcessTakesIt() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockTaker.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(said).containsAnyOf("TAKEN", "REFUSED");
    return said.contains("TAKEN");
  }

  /** Another process that wants the lock. */
  static final class LockTaker {
    public static void main(String[] args) throws IOException {
      try (Closeable lock = FileStorage.existing(Path.of(args[0])).lock()) {
        System.out.println(lock == null ? "NONE" : "TAKEN");
      } catch (LogInUseException e) {
        System.out.println("REFUSED");
      }
    }
  }
}
