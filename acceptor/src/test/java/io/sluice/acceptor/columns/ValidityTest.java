package io.sluice.acceptor.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.RootAllocator;

/** Nulls are where they were put, whatever is cut off and put together in between. */
class ValidityTest {

  @Property(tries = 300)
  void nullsAreWhereTheyWerePut(@ForAll long seed) {
    Random random = new Random(seed);
    try (RootAllocator allocator = new RootAllocator();
        BufferSource source = new BufferSource(allocator)) {
      Validity validity = new Validity(source);
      Validity other = new Validity(source);
      List<Boolean> expected = new ArrayList<>();
      for (int step = 0; step < 40; step++) {
        switch (random.nextInt(5)) {
          case 0 -> {
            int to = random.nextInt(expected.size() + 1);
            validity.truncate(expected.size(), to);
            expected.subList(to, expected.size()).clear();
          }
          case 1 -> {
            other.reset();
            List<Boolean> more = new ArrayList<>();
            fill(other, more, random);
            validity.finish(expected.size());
            validity.append(expected.size(), other, more.size());
            expected.addAll(more);
          }
          default -> fill(validity, expected, random);
        }
        check(validity, expected);
      }
    }
  }

  private static void fill(Validity validity, List<Boolean> expected, Random random) {
    int nulls = random.nextInt(3);
    for (int i = random.nextInt(20); i > 0; i--) {
      boolean isNull = random.nextInt(10) < 3 * nulls;
      if (isNull) {
        validity.addNull(expected.size());
      }
      expected.add(isNull);
    }
  }

  private static void check(Validity validity, List<Boolean> expected) {
    assertThat(validity.nulls()).isEqualTo((int) expected.stream().filter(n -> n).count());
    for (int row = 0; row < expected.size(); row++) {
      assertThat(validity.isNull(row)).isEqualTo(expected.get(row));
    }
    assertThat(validity.bytes(expected.size()))
        .isEqualTo(validity.nulls() > 0 ? (expected.size() + 7) / 8 : 0);
  }
}
