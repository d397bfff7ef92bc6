package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForcingFileIOTest {

  @TempDir Path directory;
  private final ForcingFileIO io = new ForcingFileIO();

  @Test
  void writesOfAnySizeAreReadBackFromAnyPosition() throws Exception {
    Random random = new Random(1);
    byte[] bytes = new byte[300_000];
    random.nextBytes(bytes);
    String location = "file://" + directory + "/a b/c%20d/file";
    try (PositionOutputStream out = io.newOutputFile(location).create()) {
      int at = 0;
      while (at < bytes.length) {
        int n = Math.min(bytes.length - at, random.nextInt(4) == 0 ? 100_000 : random.nextInt(999));
        out.write(bytes, at, n);
        at += n;
        assertThat(out.getPos()).isEqualTo(at);
      }
    }
    assertThat(Files.readAllBytes(directory.resolve("a b/c%20d/file"))).isEqualTo(bytes);
    assertThat(io.newInputFile(location).getLength()).isEqualTo(bytes.length);
    assertThat(io.newInputFile(location).location()).isEqualTo(location);
    try (SeekableInputStream in = io.newInputFile(location).newStream()) {
      for (int i = 0; i < 2_000; i++) {
        int at = random.nextInt(bytes.length);
        in.seek(at);
        int want = random.nextInt(3) == 0 ? 1 : random.nextInt(40_000);
        byte[] read = in.readNBytes(want);
        assertThat(read)
            .isEqualTo(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + want)));
        assertThat(in.getPos()).isEqualTo(at + read.length);
      }
      in.seek(bytes.length);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void fileThatExistsIsNotCreatedAgain() throws Exception {
    String location = "file://" + directory + "/file";
    write(location, "first");
    assertThatThrownBy(() -> write(location, "second")).isInstanceOf(AlreadyExistsException.class);
    assertThat(Files.readString(directory.resolve("file"))).isEqualTo("first");
    try (PositionOutputStream out = io.newOutputFile(location).createOrOverwrite()) {
      out.write("2".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    assertThat(Files.readString(directory.resolve("file"))).isEqualTo("2");
  }

  @Test
  void missingFileIsNotFoundAndDeletingItIsFine() {
    String location = "file://" + directory + "/missing";
    assertThat(io.newInputFile(location).exists()).isFalse();
    assertThatThrownBy(() -> io.newInputFile(location).newStream())
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> io.newInputFile(location).getLength())
        .isInstanceOf(NotFoundException.class);
    io.deleteFile(location);
  }

  @Test
  void locationsOfOtherStoresAreRefusedByName() {
    assertThatThrownBy(() -> io.newInputFile("s3://bucket/key"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("s3://bucket/key");
  }

  private void write(String location, String text) throws IOException {
    try (PositionOutputStream out = io.newOutputFile(location).create()) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}
