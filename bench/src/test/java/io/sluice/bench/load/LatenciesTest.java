package io.sluice.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Property
  void quantilesAreWithinAThirtySecondOfTheSortedList(
      @ForAll @Size(min = 1, max = 200) List<@LongRange(max = 3_600_000_000_000L) Long> nanos) {
    Latencies latencies = new Latencies();
    nanos.forEach(latencies::add);
    List<Long> sorted = nanos.stream().sorted().toList();

    for (double quantile : new double[] {0.01, 0.5, 0.99, 1}) {
      double exact = sorted.get((int) Math.ceil(quantile * sorted.size()) - 1) / 1e6;
      assertThat(latencies.millis(quantile))
          .isGreaterThanOrEqualTo(exact)
          .isLessThanOrEqualTo(exact * 33 / 32 + 0.0021);
    }
    assertThat(latencies.maxMillis())
        .isCloseTo(sorted.get(sorted.size() - 1) / 1e6, Percentage.withPercentage(0.001));
  }

  @Test
  void nothingIsZero() {
    assertThat(new Latencies().millis(0.5)).isCloseTo(0, within(0.0));
  }

  @Test
  void twoAddUp() {
    Latencies one = new Latencies();
    Latencies two = new Latencies();
    one.add(1_000_000);
    two.add(9_000_000);
    one.addAll(two);

    assertThat(one.count()).isEqualTo(2);
    assertThat(one.millis(1)).isCloseTo(9, within(0.0));
  }
}
