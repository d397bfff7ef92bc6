package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;

/** Against sets of strings; neighbouring maps are alike, or nearly so. */
class MapKeysTest {

  private static final String[] KEYS = {"a", "b", "ab", "c", "bc", "", "http.route", "http.method"};

  @Property(tries = 300)
  void findsWhatSetsOfStringsFind(@ForAll long seed) {
    Random random = new Random(seed);
    try (BufferAllocator allocator = new RootAllocator();
        MapVector maps =
            (MapVector)
                WireSchema.of(Table.TRACES).findField("attributes").createVector(allocator)) {
      maps.allocateNew();
      UnionMapWriter writer = maps.getWriter();
      boolean distinct = true;
      List<String> keys = new ArrayList<>();
      int rows = 1 + random.nextInt(8);
      for (int row = 0; row < rows; row++) {
        change(random, keys);
        distinct &= new HashSet<>(keys).size() == keys.size();
        write(writer, row, keys);
      }
      maps.setValueCount(rows);
      assertThat(MapKeys.areDistinct(Source.of(maps))).isEqualTo(distinct);
    }
  }

  private static void change(Random random, List<String> keys) {
    int size = keys.size();
    switch (random.nextInt(6)) {
      case 0 -> keys.add(random.nextInt(size + 1), KEYS[random.nextInt(KEYS.length)]);
      case 1 -> keys.add("key " + random.nextInt(1_000_000));
      case 2 -> keys.subList(size / 2, size).clear();
      case 3 -> {
        if (size > 0) {
          keys.set(random.nextInt(size), KEYS[random.nextInt(KEYS.length)]);
        }
      }
      default -> {}
    }
  }

  private static void write(UnionMapWriter writer, int row, List<String> keys) {
    writer.setPosition(row);
    writer.startMap();
    for (String key : keys) {
      writer.startEntry();
      writer.key().varChar().writeVarChar(key);
      writer.value().varChar().writeVarChar("v");
      writer.endEntry();
    }
    writer.endMap();
  }
}
