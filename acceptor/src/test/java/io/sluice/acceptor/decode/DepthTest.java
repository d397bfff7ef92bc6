package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.keyValue;
import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.text;
import static io.sluice.acceptor.decode.Wire.varint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.otlp.RowsToOtlp;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values nested too deep: exactly what they belong to is left out, and counted. */
class DepthTest {

  private static final int LEVELS = DecodeLimits.DEFAULT.valueLevels();
  private static final byte[] PLAIN = len(2, keyValue(9, "k", text(1, "v")));

  @Test
  void theLimitItselfIsTaken() {
    for (boolean maps : new boolean[] {false, true}) {
      Decoded decoded = decode(Wire.request(span(LEVELS, maps)));
      assertThat(decoded.records()).isEqualTo(1);
      assertThat(decoded.rejected()).isZero();
    }
  }

  /** Written as JSON, and read from it again by those who turn rows back into OTLP. */
  @Test
  void theLargestLimitThereMayBeIsTakenAndComesBack() {
    int most = RowsToOtlp.MOST_VALUE_LEVELS;
    try (Decoding decoding = new Decoding(new DecodeLimits(9, 1 << 20, 1 << 20, 1 << 20, most))) {
      for (boolean maps : new boolean[] {false, true}) {
        byte[] request = Wire.request(span(most, maps), span(most + 1, maps));
        Decoded decoded = decoding.decode(Signal.TRACES, request);
        assertThat(decoded.rejected()).isEqualTo(1);
        assertThat(decoded.reason()).isEqualTo("records nested deeper than 256 levels");
        assertThat(
                RoundTrip.back(decoded.parts().get(0).columns(), Signal.TRACES, decoding.allocator))
            .isEqualTo(
                Flat.of(RoundTrip.parse(Signal.TRACES, request), most).entries.get(Table.TRACES));
        decoding.give(decoded);
      }
    }
    assertThatThrownBy(() -> new DecodeLimits(9, 9, 9, 9, most + 1))
        .hasMessage("cannot decode to 257 value levels: must be 1 to 256");
  }

  @Test
  void oneMoreRejectsThatRecordAlone() {
    for (boolean maps : new boolean[] {false, true}) {
      byte[] deep = span(LEVELS + 1, maps);
      try (Decoding decoding = new Decoding()) {
        byte[] request = Wire.request(PLAIN, deep, PLAIN, deep, deep, PLAIN);
        Decoded decoded = decoding.decode(Signal.TRACES, request);
        decoding.give(decoded);
        assertThat(decoded.records()).isEqualTo(3);
        assertThat(decoded.rejected()).isEqualTo(3);
        assertThat(decoded.reason()).isEqualTo("records nested deeper than 64 levels");
        List<Map<String, Object>> rows = decoding.rows(Signal.TRACES, request, Table.TRACES);
        assertThat(rows).hasSize(3);
        rows.forEach(
            row ->
                assertThat(ActualRows.struct(row, "attributes")).containsOnly(Map.entry("k", "v")));
        RoundTrip.check(decoding, Signal.TRACES, request);
      }
    }
  }

  @Test
  void deepResourceRejectsItsRecordsOnly() {
    byte[] resource = len(1, keyValue(1, "k", value(LEVELS + 1, false)));
    byte[] request =
        Wire.of(
            Wire.request(PLAIN),
            len(1, resource, len(2, PLAIN, PLAIN)),
            len(1, len(2, PLAIN, PLAIN), resource, len(2, PLAIN)),
            Wire.request(PLAIN));
    Decoded decoded = decode(request);
    assertThat(decoded.records()).isEqualTo(2);
    assertThat(decoded.rejected()).isEqualTo(5);
  }

  @Test
  void deepScopeRejectsItsRecordsOnly() {
    byte[] scope = len(1, keyValue(3, "k", value(LEVELS + 1, true)));
    Decoded decoded = decode(len(1, len(2, PLAIN), len(2, scope, PLAIN, PLAIN), len(2, PLAIN)));
    assertThat(decoded.records()).isEqualTo(2);
    assertThat(decoded.rejected()).isEqualTo(2);
  }

  @Test
  void deepMetricRejectsItsPointsOnly() {
    byte[] gauge = len(5, len(1), len(1, varint(8, 1)));
    byte[] deep = len(2, keyValue(12, "k", value(LEVELS + 1, false)), gauge);
    byte[] deepPoint = len(2, len(5, len(1, keyValue(7, "k", value(LEVELS + 1, true))), len(1)));
    byte[] request = Wire.request(len(2, gauge), deep, deepPoint, len(2, gauge));
    try (Decoding decoding = new Decoding()) {
      RoundTrip.check(decoding, Signal.METRICS, request);
      Decoded decoded = decoding.decode(Signal.METRICS, request);
      decoding.give(decoded);
      assertThat(decoded.records()).isEqualTo(5);
      assertThat(decoded.rejected()).isEqualTo(3);
    }
  }

  @Test
  void unboundedDepthNeedsNoStack() {
    byte[] request = Wire.request(span(5_000, false), span(5_000, true), PLAIN);
    Decoded decoded = decode(request);
    assertThat(decoded.records()).isEqualTo(1);
    assertThat(decoded.rejected()).isEqualTo(2);
  }

  private static Decoded decode(byte[] request) {
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(Signal.TRACES, request);
      decoding.give(decoded);
      return decoded;
    }
  }

  private static byte[] span(int levels, boolean maps) {
    return len(2, keyValue(9, "deep", value(levels, maps)), keyValue(9, "k", text(1, "v")));
  }

  /** An AnyValue's fields, so many levels in all. */
  private static byte[] value(int levels, boolean maps) {
    byte[] value = text(1, "bottom");
    for (int i = 1; i < levels; i++) {
      value = maps ? len(6, keyValue(1, "k", value)) : len(5, len(1, value));
    }
    return value;
  }
}
