package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.wire.BatchId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowCheckpointTest {

  private static final UUID LOG = new UUID(7, 9);

  @TempDir Path directory;

  @Test
  void givesBackWhatWasWritten() throws Exception {
    write(5_000);
    Window back = new Window(1, 1);
    WindowCheckpoint.Stand stand =
        new WindowCheckpoint(new FileDirectory(directory)).read(LOG, back);
    assertThat(stand).isEqualTo(new WindowCheckpoint.Stand(5_000, 4_000, 77));
    assertThat(back.size()).isEqualTo(5_000);
    assertThat(back.decide(new BatchId(17, -17), 17, 3, 0)).isEqualTo(Occurrence.COUNTS);
    assertThat(back.decide(new BatchId(17, -17), 18, 3, 0)).isEqualTo(Occurrence.REPEAT_IN_LOG);
  }

  @Test
  void noFileIsAnEmptyWindow() throws Exception {
    Window back = new Window(1, 1);
    assertThat(new WindowCheckpoint(new FileDirectory(directory)).read(LOG, back).position())
        .isZero();
    assertThat(back.size()).isZero();
  }

  @Test
  void flippedBitAnywhereIsFound() throws Exception {
    write(3_000);
    Path file = directory.resolve("window");
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length - 4; at += 997) {
      byte[] bad = good.clone();
      bad[at] ^= 4;
      Files.write(file, bad);
      assertThatThrownBy(
              () -> new WindowCheckpoint(new FileDirectory(directory)).read(LOG, new Window(1, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot read window");
    }
  }

  @Test
  void truncatedFileIsFound() throws Exception {
    write(3_000);
    Path file = directory.resolve("window");
    byte[] good = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(good, good.length / 2));
    assertThatThrownBy(
            () -> new WindowCheckpoint(new FileDirectory(directory)).read(LOG, new Window(1, 1)))
        .hasMessageContaining("ends at offset");
  }

  /** Else what does not fit would be forgotten at once, and its repeats stored. */
  @Test
  void windowMadeTooSmallForWhatItRemembersIsRefused() throws Exception {
    Window window = new Window(1, 100);
    for (int i = 1; i <= 50; i++) {
      window.decide(new BatchId(i, i), i, 0, 0);
    }
    WindowCheckpoint checkpoint = new WindowCheckpoint(new FileDirectory(directory));
    WindowCheckpoint.Stand stand = new WindowCheckpoint.Stand(50, 50, 0);
    checkpoint.write(LOG, stand, window.entries(), window.room());
    assertThatThrownBy(() -> checkpoint.read(LOG, new Window(1, 49)))
        .hasMessageContaining("cannot start: dedup.max-batches is 49, it was 100, and 50");
    assertThat(checkpoint.read(LOG, new Window(1, 50))).isEqualTo(stand);

    // More than there was room for, as the log could not be released: nobody's mistake.
    checkpoint.write(LOG, stand, window.entries(), 10);
    assertThat(checkpoint.read(LOG, new Window(1, 10))).isEqualTo(stand);
  }

  @Test
  void anotherLogsCheckpointIsRefused() throws Exception {
    write(1);
    assertThatThrownBy(
            () ->
                new WindowCheckpoint(new FileDirectory(directory))
                    .read(new UUID(1, 1), new Window(1, 1)))
        .hasMessageContaining("belong together");
  }

  private void write(int entries) throws IOException {
    Window window = new Window(1, 1);
    for (int i = 1; i <= entries; i++) {
      window.decide(new BatchId(i, -i), i, 3, 0);
    }
    new WindowCheckpoint(new FileDirectory(directory))
        .write(LOG, new WindowCheckpoint.Stand(entries, entries - 1000, 77), window.entries(), 1);
  }
}
