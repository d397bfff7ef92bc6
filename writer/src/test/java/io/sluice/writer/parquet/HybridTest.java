package io.sluice.writer.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HybridTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 14, 15, 16, 17, 24, 31})
  void valuesAreReadBackByParquetsDecoder(int width) throws IOException {
    Random random = new Random(width);
    for (int round = 0; round < 50; round++) {
      int count = 1 + random.nextInt(3_000);
      int[] values = new int[count];
      int i = 0;
      while (i < count) {
        int run = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 1;
        int value = random.nextInt() & (int) ((1L << width) - 1);
        for (int end = Math.min(count, i + run); i < end; i++) {
          values[i] = value;
        }
      }
      assertThat(decoded(values, width)).isEqualTo(values);
    }
  }

  @Test
  void longGroupsAreSplit() throws IOException {
    int[] values = new int[8 * 63 * 3 + 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = i & 31;
    }
    assertThat(decoded(values, 5)).isEqualTo(values);
  }

  private static int[] decoded(int[] values, int width) throws IOException {
    ByteSink out = new ByteSink();
    Hybrid.write(values, values.length, width, out);
    ByteArrayInputStream in = new ByteArrayInputStream(out.array(), 0, out.size());
    RunLengthBitPackingHybridDecoder decoder = new RunLengthBitPackingHybridDecoder(width, in);
    int[] read = new int[values.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = decoder.readInt();
    }
    assertThat(in.available()).isZero();
    return read;
  }
}
