package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParsersTest {

  @Test
  void byteSizesHaveBinaryUnits() {
    assertThat(ByteSize.parse("64MiB").bytes()).isEqualTo(64L << 20);
    assertThat(ByteSize.parse("512 kib").bytes()).isEqualTo(512L << 10);
    assertThat(ByteSize.parse("0")).hasToString("0");
    assertThat(ByteSize.parse("7TiB")).hasToString("7TiB");
    assertThat(ByteSize.parse("1536KiB")).hasToString("1536KiB");
  }

  @Property
  void byteSizeReadsWhatItPrints(@ForAll @LongRange(min = 0, max = 1L << 59) long bytes) {
    assertThat(ByteSize.parse(new ByteSize(bytes).toString()).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64MB", "-1", "1.5GiB", "9999999999GiB", "x"})
  void otherByteSizesAreRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot read byte size: '" + text + "'");
  }

  @Test
  void durationsHaveOneUnitOrAreIso() {
    assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(Durations.parse("60s")).isEqualTo(Duration.ofMinutes(1));
    assertThat(Durations.parse("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThat(Durations.parse("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(Durations.parse("7d")).isEqualTo(Duration.ofDays(7));
    assertThat(Durations.parse("PT5M")).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "5x", "-5s", "PT-5S", "5m30s"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot read duration: '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", ":1", "host:", "host:x", "host:70000", "::1:5"})
  void otherAddressesAreRefused(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void loopbackIsBothFamiliesWhereThereAreTwo() {
    assertThat(BindAddress.parse("loopback").addresses())
        .isNotEmpty()
        .allMatch(a -> a.isLoopbackAddress());
    assertThat(BindAddress.parse("*").addresses())
        .singleElement()
        .matches(a -> a.isAnyLocalAddress());
    assertThatThrownBy(() -> BindAddress.parse("")).hasMessageContaining("bind address");
  }

  @Test
  void numbersAreBoundedAndSwitchesAreWords() {
    assertThatThrownBy(() -> Parsers.port("65536")).hasMessageContaining("from 0 to 65535");
    assertThatThrownBy(() -> Parsers.port("x")).hasMessageContaining("whole number");
    assertThat(Parsers.bool("ON")).isTrue();
    assertThatThrownBy(() -> Parsers.bool("maybe")).hasMessageContaining("true or false");
    assertThatThrownBy(() -> Parsers.location("/data")).hasMessageContaining("no scheme");
  }
}
