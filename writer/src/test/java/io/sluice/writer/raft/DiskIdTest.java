package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskIdTest {

  private static final UUID GROUP = UUID.fromString("1b4e28ba-2fa1-41d2-883f-0016d3cc0002");

  @TempDir private Path directory;

  @Test
  void itStaysWithTheDirectory() throws Exception {
    DiskId made = DiskId.of(directory);
    Files.createDirectory(directory.resolve(GROUP.toString()));
    made.has(GROUP);
    assertThat(DiskId.of(directory).id()).isEqualTo(made.id());
  }

  @Test
  void aLogWhoseDirectoryIsGoneIsMissed() throws Exception {
    DiskId.of(directory).has(GROUP);
    assertThatThrownBy(() -> DiskId.of(directory))
        .hasMessageContaining("this disk had log 2")
        .hasMessageContaining(GROUP.toString());
  }

  @Test
  void aLogThatWasLeftIsNot() throws Exception {
    DiskId disk = DiskId.of(directory);
    disk.has(GROUP);
    disk.leaves(GROUP);
    assertThat(DiskId.of(directory).id()).isEqualTo(disk.id());
  }

  @Test
  void logsWithoutTheDisksIdAreNotTakenForNew() throws Exception {
    Files.createDirectory(directory.resolve(GROUP.toString()));
    assertThatThrownBy(() -> DiskId.of(directory)).hasMessageContaining("has logs and no disk-id");
  }

  @Test
  void anEmptyDirectoryIsANewDisk() throws Exception {
    UUID first = DiskId.of(directory).id();
    Files.delete(directory.resolve("disk-id"));
    assertThat(DiskId.of(directory).id()).isNotEqualTo(first);
  }

  @Test
  void whatTheDiskHasLeftIsDeletedAndStaysKnownUntilItIsBack() throws Exception {
    UUID left = UUID.randomUUID();
    UUID kept = UUID.randomUUID();
    DiskId disk = DiskId.of(directory);
    for (UUID group : List.of(left, kept)) {
      Files.createDirectories(directory.resolve(group.toString()).resolve("current"));
      Files.createFile(directory.resolve(group.toString()).resolve("current/log_0-9"));
      disk.has(group);
    }
    disk.leaves(left);
    assertThat(directory.resolve(left.toString())).doesNotExist();
    assertThat(directory.resolve(kept.toString())).exists();

    // as if the process had ended in the middle of it
    Files.createDirectories(directory.resolve(left.toString()).resolve("current"));
    DiskId again = DiskId.of(directory);
    assertThat(again.id()).isEqualTo(disk.id());
    assertThat(again.left()).containsExactly(left);
    assertThat(directory.resolve(left.toString())).doesNotExist();

    Files.createDirectories(directory.resolve(left.toString()));
    again.has(left);
    assertThat(DiskId.of(directory).left()).isEmpty();
    assertThat(directory.resolve(left.toString())).exists();
  }

  @Test
  void whatIsNotSluicesIsLeftAlone() throws Exception {
    Files.createDirectory(directory.resolve("lost+found"));
    DiskId made = DiskId.of(directory);
    Files.createDirectory(directory.resolve(GROUP.toString()));
    made.has(GROUP);
    assertThat(DiskId.of(directory).id()).isEqualTo(made.id());
    assertThat(DiskId.groups(directory)).containsExactly(GROUP);
  }
}
