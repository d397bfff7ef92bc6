package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.raw;
import static io.sluice.acceptor.decode.Wire.text;
import static io.sluice.acceptor.decode.Wire.varint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of a profile's request is in columns, what in bytes alone, and how much of either. */
class ProfilesTest {

  private static final byte[] EMPTY = {};

  @Test
  void indicesOfTypesAndAttributesAreResolved() {
    byte[] profile =
        len(
            2,
            len(1, varint(1, 1), varint(2, 2)),
            len(5, varint(1, 2), varint(2, 9)),
            len(2, varint(1, 0)),
            len(2, varint(1, 0)),
            len(11, raw(1, 2, 3, 0, 9)));
    Map<String, Object> row =
        row(
            Wire.of(
                Wire.request(profile),
                dictionary(
                    strings("", "cpu", "nanoseconds", "thread.name"),
                    len(6),
                    len(6, varint(1, 3), len(2, varint(8, 1)), varint(3, 2)),
                    len(6, varint(1, 2), len(2, varint(3, 7))),
                    len(6, varint(1, 77), len(2, varint(3, 7))))));
    assertThat(row)
        .containsEntry("sample_type", "cpu")
        .containsEntry("sample_unit", "nanoseconds")
        .containsEntry("period_type", "nanoseconds")
        .containsEntry("period_unit", null)
        .containsEntry("sample_count", 2)
        .containsEntry("attributes", Map.of("thread.name", "cpu", "nanoseconds", "7"))
        .containsEntry("attribute_types", "si");
  }

  /** Protobuf's order has the dictionary last; nothing depends on it, or on its being in one. */
  @Test
  void dictionaryMayComeAnywhereAndInParts() {
    byte[] groups = Wire.request(len(2, len(1, varint(1, 1), varint(2, 2))));
    byte[] first = dictionary(strings("", "cpu"));
    byte[] second = dictionary(strings("ns"));
    for (byte[] request :
        List.of(
            Wire.of(groups, first, second),
            Wire.of(first, groups, second),
            Wire.of(first, second, groups))) {
      Map<String, Object> row = row(request);
      assertThat(row).containsEntry("sample_type", "cpu").containsEntry("sample_unit", "ns");
      assertThat(ActualRows.struct(row, "dictionary"))
          .containsEntry("dictionary", new Bytes(strings("", "cpu", "ns")));
    }
  }

  @Test
  void absentDictionaryIsNotAnEmptyOne() {
    byte[] profile = len(2, len(1, varint(1, 1), varint(2, 0)), len(11, raw(1)));
    assertThat(ActualRows.struct(row(Wire.request(profile)), "dictionary"))
        .containsEntry("dictionary", null);
    Map<String, Object> row = row(Wire.of(Wire.request(profile), len(2)));
    assertThat(ActualRows.struct(row, "dictionary")).containsEntry("dictionary", new Bytes(EMPTY));
    assertThat(row).containsEntry("sample_type", null).containsEntry("attributes", Map.of());
  }

  @Test
  void resourcesIndicesAreResolvedAndItsBytesKept() {
    byte[] resource = len(1, len(1, varint(3, 1), len(2, varint(8, 2))));
    byte[] request = Wire.of(len(1, resource, len(2, len(2))), dictionary(strings("", "a", "b")));
    Map<String, Object> group = ActualRows.struct(row(request), "resource");
    assertThat(group)
        .containsEntry("attributes", Map.of("a", "b"))
        .containsEntry("raw", new Bytes(resource));
  }

  /** What a Writer, a log and a message have of it, however many profiles there are. */
  @Test
  void dictionaryIsInARequestsColumnsOnce() {
    byte[][] profiles = new byte[500][];
    Arrays.fill(profiles, len(2, varint(6, 1)));
    byte[] request = Wire.of(Wire.request(profiles), dictionary(strings("x".repeat(100_000))));
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(Signal.PROFILES, request);
      WireColumns columns = decoded.parts().get(0).columns();
      assertThat(columns.rows()).isEqualTo(500);
      assertThat(columns.bytes()).isBetween(100_000L, 200_000L);
      decoding.give(decoded);
    }
  }

  @Test
  void nextRequestKnowsNothingOfThisOnesDictionary() {
    byte[] known = dictionary(strings("", "cpu", "name"), len(6, varint(1, 1)));
    byte[] resource = len(1, len(1, varint(3, 1), len(2, varint(8, 2))));
    try (Decoding decoding = new Decoding()) {
      decoding.give(decoding.decode(Signal.PROFILES, Wire.of(Wire.request(len(2)), known)));
      Map<String, Object> span =
          decoding.rows(Signal.TRACES, len(1, resource, len(2, len(2))), Table.TRACES).get(0);
      assertThat(ActualRows.struct(span, "resource").get("attributes").toString())
          .isEqualTo("{=null}");
    }
  }

  @Test
  void dictionaryNestedTooDeepRejectsItsProfilesAndNoOthers() {
    byte[] value = varint(3, 1);
    for (int i = 0; i < 64; i++) {
      value = len(5, len(1, value));
    }
    byte[] profiles = Wire.request(len(2), len(2));
    byte[] deep = dictionary(len(6, len(2, value)));
    try (Decoding decoding = new Decoding()) {
      Decoded decoded = decoding.decode(Signal.PROFILES, Wire.of(profiles, deep));
      assertThat(decoded.records()).isZero();
      assertThat(decoded.rejected()).isEqualTo(2);
      assertThat(decoded.reason()).contains("64 levels");
      RoundTrip.check(decoding, Signal.PROFILES, Wire.of(profiles, deep));
      decoded = decoding.decode(Signal.PROFILES, profiles);
      assertThat(decoded.records()).isEqualTo(2);
      decoding.give(decoded);
    }
  }

  /** Some bytes of indices, which stand for far more than the request has. */
  @Test
  void indicesThatStandForTooMuchAreRefused() {
    byte[] many = new byte[3000];
    Arrays.fill(many, (byte) 1);
    byte[] request =
        Wire.of(
            Wire.request(len(2, len(11, many))),
            dictionary(
                strings("", "key", "x".repeat(1000)),
                len(6),
                len(6, varint(1, 1), len(2, varint(8, 2)))));
    try (Decoding decoding = new Decoding(new DecodeLimits(100, 1 << 20, 1 << 20, 1 << 20, 64))) {
      assertThatThrownBy(() -> decoding.decode(Signal.PROFILES, request))
          .isInstanceOf(RequestTooLargeException.class)
          .hasMessageContaining("indices stand for more than 1048576 bytes of its dictionary");
    }
  }

  @Test
  void moreEntriesThanRecordsAreRefused() {
    byte[] request = Wire.of(Wire.request(len(2)), dictionary(strings("", "a", "b", "c")));
    try (Decoding decoding = new Decoding(new DecodeLimits(3, 1 << 20, 1 << 20, 1 << 20, 64))) {
      assertThatThrownBy(() -> decoding.decode(Signal.PROFILES, request))
          .isInstanceOf(RequestTooLargeException.class)
          .hasMessageContaining("more than 3 strings or attributes");
    }
  }

  @Test
  void dictionaryInEveryRowCountsWhereRowsExpand() {
    byte[][] profiles = new byte[90][];
    Arrays.fill(profiles, len(2));
    byte[] request = Wire.of(Wire.request(profiles), dictionary(strings("x".repeat(2000))));
    try (Decoding decoding = new Decoding(new DecodeLimits(100, 1 << 20, 1 << 20, 100_000, 64))) {
      assertThatThrownBy(() -> decoding.decode(Signal.PROFILES, request))
          .isInstanceOf(RequestTooLargeException.class)
          .hasMessageContaining("with resource, scope, metric and dictionary in every row");
    }
  }

  /** Kept as bytes, they must be protobuf all the same. */
  @Test
  void malformedBytesInsideAreRefused() {
    byte[] broken = raw(0x08);
    for (byte[] request :
        List.of(
            Wire.request(len(2, len(2, broken))),
            Wire.request(len(2, len(2, len(4, raw(0x80))))),
            Wire.request(len(2, len(2, len(5, raw(1, 2))))),
            Wire.request(len(2, len(11, raw(0x80)))),
            dictionary(len(1, broken)),
            dictionary(len(2, len(3, broken))),
            dictionary(len(6, len(2, len(6, len(1, broken))))),
            dictionary(len(7, len(1, raw(0x80)))))) {
      try (Decoding decoding = new Decoding()) {
        assertThatThrownBy(() -> decoding.decode(Signal.PROFILES, request))
            .isInstanceOf(MalformedRequestException.class)
            .hasMessageMatching(".+ at byte \\d+");
      }
    }
  }

  /** The row of a request that has one, after all that a request must hold was checked. */
  private static Map<String, Object> row(byte[] request) {
    try (Decoding decoding = new Decoding()) {
      RoundTrip.check(decoding, Signal.PROFILES, request);
      return decoding.rows(Signal.PROFILES, request, Table.PROFILES).get(0);
    }
  }

  private static byte[] dictionary(byte[]... tables) {
    return len(2, tables);
  }

  private static byte[] strings(String... strings) {
    return Wire.of(Arrays.stream(strings).map(s -> text(5, s)).toArray(byte[][]::new));
  }
}
