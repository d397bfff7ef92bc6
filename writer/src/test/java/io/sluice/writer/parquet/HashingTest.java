package io.sluice.writer.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashingTest {

  /** Parquet's own hash of values is the polynomial of 31. */
  @Test
  void valuesThatCollideInAPolynomialDoNotCollide() {
    Set<Integer> polynomial = new HashSet<>();
    Set<Integer> ours = new HashSet<>();
    for (int i = 0; i < 4_096; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 12; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      polynomial.add(Arrays.hashCode(bytes));
      ours.add(Hashing.of(bytes, 0, bytes.length));
    }
    assertThat(polynomial).hasSize(1);
    assertThat(ours).hasSizeGreaterThan(4_090);
  }

  @Test
  void everyByteAndTheLengthCount() {
    for (int length = 1; length < 40; length++) {
      byte[] bytes = new byte[length + 1];
      Set<Integer> hashes = new HashSet<>();
      hashes.add(Hashing.of(bytes, 0, length));
      hashes.add(Hashing.of(bytes, 0, length + 1));
      for (int i = 0; i < length; i++) {
        bytes[i] = 1;
        hashes.add(Hashing.of(bytes, 0, length));
        bytes[i] = 0;
      }
      assertThat(hashes).as("length " + length).hasSize(length + 2);
    }
  }

  @Test
  void whereTheBytesAreDoesNotCount() {
    byte[] bytes = "..some value..some value".getBytes(StandardCharsets.UTF_8);
    assertThat(Hashing.of(bytes, 2, 10)).isEqualTo(Hashing.of(bytes, 14, 10));
  }
}
