package io.sluice.schema.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {

  @Property
  void longsAreAsTheJdkHasThem(@ForAll long value) {
    assertThat(text(value)).isEqualTo(Long.toString(value));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 9, 10, -10, 99, 100, Long.MAX_VALUE, Long.MIN_VALUE})
  void longsAtTheEdges(long value) {
    assertThat(text(value)).isEqualTo(Long.toString(value));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.001,
        9.999e-4,
        1e7,
        9999999.0,
        12345678.9,
        2e23,
        4.9e-324,
        9.9e-324,
        1.5e-323,
        2e-323,
        2.2250738585072014E-308,
        2.225073858507201E-308,
        1.7976931348623157e308,
        2.0e-3,
        1.0e22,
        1.0e23,
        9007199254740991.0,
        9007199254740993.0,
        8.41e21,
        0.1,
        100.0,
        123.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -1.2345678901234567e-308
      })
  void doublesAtTheEdges(double value) {
    assertThat(text(value)).isEqualTo(DoubleToDecimal.toString(value));
  }

  @Property
  void doublesOfAnyBits(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    assertThat(text(value)).isEqualTo(DoubleToDecimal.toString(value));
  }

  @Test
  void aMillionDoublesOfEveryMagnitude() {
    Random random = new Random(42);
    for (int i = 0; i < 1_000_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(1_000_000) / 1000.0;
            case 2 -> Math.scalb(1.0, random.nextInt(2098) - 1074);
            default -> random.nextInt(1 << 30) * Math.pow(10, random.nextInt(40) - 20);
          };
      String text = text(value);
      if (!text.equals(DoubleToDecimal.toString(value))) {
        assertThat(text).isEqualTo(DoubleToDecimal.toString(value));
      }
    }
  }

  private static String text(long value) {
    return Memory.text(LongText.MAX_BYTES, address -> LongText.write(value, address));
  }

  private static String text(double value) {
    return Memory.text(DoubleText.MAX_BYTES, address -> DoubleText.write(value, address));
  }
}
