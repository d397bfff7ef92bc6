package io.sluice.acceptor.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** Small and large maps, inside each other: every repeated key is found, and no other. */
class KeySetTest {

  @Property(tries = 200)
  void findsWhatAListFinds(@ForAll long seed) {
    Random random = new Random(seed);
    try (RootAllocator allocator = new RootAllocator();
        BufferSource source = new BufferSource(allocator)) {
      ColumnBuffer data = new ColumnBuffer(source);
      KeySet keys = new KeySet(seed);
      for (int i = 0; i < 3; i++) {
        map(random, 0, data, keys);
        assertThat(keys.begin()).isZero();
        map(random, 0, data, keys);
        keys.begin();
        for (int k = 0; k < random.nextInt(60); k++) {
          add(keys, 0, data, "left over " + k);
        }
        keys.clear(); // a record was given up
      }
    }
  }

  @Test
  void manyKeysOfOneShapeAreToldApart() {
    try (RootAllocator allocator = new RootAllocator();
        BufferSource source = new BufferSource(allocator)) {
      ColumnBuffer data = new ColumnBuffer(source);
      KeySet keys = new KeySet(7);
      for (int round = 0; round < 2; round++) {
        int map = keys.begin();
        for (int i = 0; i < 100_000; i++) {
          String key = "prefix00%08dsuffix00".formatted(i);
          assertThat(add(keys, map, data, key)).isEqualTo(-1);
        }
        assertThat(add(keys, map, data, "prefix0000000500suffix00")).isEqualTo(500);
        keys.end(map);
        data.truncate(0);
      }
    }
  }

  private static void map(Random random, int depth, ColumnBuffer data, KeySet keys) {
    int map = keys.begin();
    List<String> seen = new ArrayList<>();
    int size = random.nextInt(random.nextBoolean() ? 80 : 12);
    for (int i = 0; i < size; i++) {
      String key = "k".repeat(random.nextInt(12)) + random.nextInt(50);
      assertThat(add(keys, map, data, key)).isEqualTo(seen.indexOf(key));
      seen.add(key);
      if (depth < 3 && random.nextInt(12) == 0) {
        map(random, depth + 1, data, keys);
      }
    }
    keys.end(map);
  }

  private static int add(KeySet keys, int map, ColumnBuffer data, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    int start = data.size();
    BytesColumn.append(data, bytes, 0, bytes.length);
    return keys.add(map, data, start, bytes.length);
  }
}
