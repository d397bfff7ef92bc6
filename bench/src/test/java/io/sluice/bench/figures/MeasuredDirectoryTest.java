package io.sluice.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasuredDirectoryTest {

  private static final Path PATH = Path.of("/measured");

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ramfs", "overlay"})
  void whatIsNotADiskIsRefused(String type) {
    MeasuredDirectory directory = new MeasuredDirectory(PATH, type, "none");

    assertThatThrownBy(() -> directory.require("--force"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot measure in /measured: it is on %s, which is not a disk"
                + " (name a directory on a disk, or --force)",
            type);
  }

  @Test
  void aDiskIsTakenAndTold() throws IOException {
    MeasuredDirectory directory = new MeasuredDirectory(PATH, "ext4", "/dev/vda");

    assertThat(directory.require("--force")).hasToString("/measured on ext4 (/dev/vda)");
  }

  @Test
  void theTypeIsTheFileStores(@TempDir Path here) throws IOException {
    assertThat(MeasuredDirectory.of(here).type()).isEqualTo(Files.getFileStore(here).type());
  }
}
