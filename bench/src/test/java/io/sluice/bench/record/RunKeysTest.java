package io.sluice.bench.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RunKeysTest {

  @Property
  void mixingIsUndone(@ForAll long value) {
    assertThat(RunKeys.unmix(RunKeys.mix(value))).isEqualTo(value);
  }

  @Property
  void partsOfAKeyComeBack(
      @ForAll @IntRange(max = 65_535) int lane,
      @ForAll @IntRange int request,
      @ForAll @IntRange(max = 65_535) int ordinal) {
    long key = RunKeys.pack(lane, request, ordinal);

    assertThat(RunKeys.lane(key)).isEqualTo(lane);
    assertThat(RunKeys.request(key)).isEqualTo(request);
    assertThat(RunKeys.ordinal(key)).isEqualTo(ordinal);
  }

  @Property
  void aSpanGivesItsKeyToItsOwnRunOnly(@ForAll long run, @ForAll long other, @ForAll long key) {
    RunKeys keys = new RunKeys(run);
    String spanId = HexFormat.of().toHexDigits(keys.spanId(key));

    assertThat(keys.ofSpan(keys.traceId(key), spanId)).hasValue(key);
    if (run != other) {
      assertThat(new RunKeys(other).ofSpan(keys.traceId(key), spanId)).isEmpty();
    }
  }

  @Property
  void aTextGivesItsKeyToItsOwnRunOnly(@ForAll long run, @ForAll long other, @ForAll long key) {
    String text = new RunKeys(run).text(key);

    assertThat(text).hasSize(RunKeys.TEXT_LENGTH);
    assertThat(new RunKeys(run).ofText(text)).hasValue(key);
    if (run != other) {
      assertThat(new RunKeys(other).ofText(text)).isEmpty();
    }
  }

  @Property
  void textThatIsNoKeyIsOfNoRun(@ForAll String text) {
    RunKeys keys = new RunKeys(7);

    assertThat(keys.ofText(text)).isEmpty();
    assertThat(keys.ofText(keys.prefix() + text)).isEmpty();
    assertThat(keys.ofSpan(text, text)).isEmpty();
  }
}
