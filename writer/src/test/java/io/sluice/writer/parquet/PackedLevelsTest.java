package io.sluice.writer.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedLevelsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void levelsAreReadBackByParquetsDecoder(int width) throws IOException {
    Random random = new Random(width);
    for (int round = 0; round < 200; round++) {
      int count = 1 + random.nextInt(2_000);
      byte[] levels = new byte[count];
      int i = 0;
      while (i < count) {
        int run = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 1;
        byte level = (byte) random.nextInt(1 << width);
        for (int end = Math.min(count, i + run); i < end; i++) {
          levels[i] = level;
        }
      }
      assertThat(decoded(levels, width)).isEqualTo(levels);
    }
  }

  @Test
  void longGroupsAreSplit() throws IOException {
    byte[] levels = new byte[8 * 63 * 3 + 5];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) (i & 1);
    }
    assertThat(decoded(levels, 1)).isEqualTo(levels);
  }

  @Test
  void aRunEndsWithTheLevels() throws IOException {
    byte[] levels = new byte[100];
    levels[0] = 1;
    ByteSink out = encoded(levels, 1);
    // One group packed: its length and a byte. A run of what is left: two bytes of length, a level.
    assertThat(out.array()).startsWith(3, 1, (byte) ((92 << 1) | 0x80), 1, 0);
    assertThat(out.size()).isEqualTo(5);
  }

  private static byte[] decoded(byte[] levels, int width) throws IOException {
    ByteSink out = encoded(levels, width);
    ByteArrayInputStream in = new ByteArrayInputStream(out.array(), 0, out.size());
    RunLengthBitPackingHybridDecoder decoder = new RunLengthBitPackingHybridDecoder(width, in);
    byte[] read = new byte[levels.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = (byte) decoder.readInt();
    }
    assertThat(in.available()).isZero();
    return read;
  }

  private static ByteSink encoded(byte[] levels, int width) {
    ByteSink out = new ByteSink();
    PackedLevels.write(Arrays.copyOf(levels, (levels.length + 7) & -8), levels.length, width, out);
    return out;
  }
}
