package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.fixed64;
import static io.sluice.acceptor.decode.Wire.keyValue;
import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.raw;
import static io.sluice.acceptor.decode.Wire.text;
import static io.sluice.acceptor.decode.Wire.varint;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attribute values of all kinds: text, letter, and when the record's bytes are kept. */
class ValuesTest {

  private static final int ATTRIBUTES = 9;

  static Stream<Arguments> values() {
    byte[] yes = varint(2, 1);
    return Stream.of(
        Arguments.of(text(1, "text"), "text", null, false),
        Arguments.of(text(1, ""), "", null, false),
        Arguments.of(text(1, "a\0b"), "a\0b", null, false),
        Arguments.of(len(5, len(1, text(1, "a\0"))), "[\"a\\u0000\"]", "j", false),
        Arguments.of(varint(2, 7), "true", "b", false),
        Arguments.of(varint(3, -1), "-1", "i", false),
        Arguments.of(fixed64(4, Double.doubleToLongBits(2e23)), "2.0E23", "d", false),
        Arguments.of(fixed64(4, Double.doubleToLongBits(-0.0)), "-0.0", "d", false),
        Arguments.of(fixed64(4, Double.doubleToLongBits(Double.NaN)), "NaN", "d", false),
        Arguments.of(fixed64(4, 0x7ff8000000000001L), "NaN", "d", true),
        Arguments.of(len(7, raw(0xff, 0xfe)), "//4=", "y", false),
        Arguments.of(new byte[0], null, "n", false),
        Arguments.of(len(5), "[]", "j", false),
        Arguments.of(len(6), "{}", "j", false),
        Arguments.of(len(5, len(1, text(1, "a\"")), len(1)), "[\"a\\\"\",null]", "j", false),
        Arguments.of(len(6, keyValue(1, "k", yes)), "{\"k\":true}", "j", false),
        Arguments.of(
            len(6, keyValue(1, "k", yes), keyValue(1, "k")), "{\"k\":true,\"k\":null}", "j", true),
        Arguments.of(len(6, len(1, text(1, "k"))), "{\"k\":null}", "j", true),
        Arguments.of(len(5, len(1, len(7, raw(0)))), "[\"AA==\"]", "j", true),
        Arguments.of(len(5, len(1, fixed64(4, 0x7ff0000000000000L))), "[\"Infinity\"]", "j", true),
        Arguments.of(text(8, "x"), null, "n", true), // a string where an index belongs: unknown
        Arguments.of(varint(8, 3), null, "n", true),
        Arguments.of(len(1, raw(0x61, 0xff, 0x62)), "a\ufffdb", null, true),
        // a oneof: the last member counts
        Arguments.of(Wire.of(text(1, "a"), varint(3, 5)), "5", "i", false),
        Arguments.of(Wire.of(len(5, len(1, yes)), text(1, "a")), "a", null, false),
        Arguments.of(
            Wire.of(len(5, len(1, yes)), len(5, len(1, varint(3, 2)))), "[true,2]", "j", false),
        Arguments.of(
            Wire.of(len(5, len(1, yes)), varint(3, 1), len(5, len(1, varint(3, 2)))),
            "[2]",
            "j",
            false),
        Arguments.of(
            Wire.of(len(6, keyValue(1, "a", yes)), len(6, keyValue(1, "b", yes))),
            "{\"a\":true,\"b\":true}",
            "j",
            false),
        Arguments.of(Wire.of(varint(99, 1), text(1, "a")), "a", null, true));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valueIsTextAndLetter(byte[] value, String text, String types, boolean raw) {
    byte[] span = keyValue(ATTRIBUTES, "key", value);
    Map<String, Object> row = row(span);
    Map<String, Object> map = ActualRows.struct(row, "attributes");
    assertThat(map).hasSize(1).containsEntry("key", text);
    assertThat(row.get("attribute_types")).isEqualTo(types);
    assertThat(row.get("raw")).isEqualTo(raw ? new Bytes(span) : null);
  }

  @Test
  void valueInPartsIsOneValue() {
    byte[] entry =
        len(
            ATTRIBUTES,
            len(2, len(5, len(1, varint(3, 1)))),
            text(1, "key"),
            len(2, len(5, len(1, varint(3, 2)))));
    Map<String, Object> row = row(entry);
    assertThat(ActualRows.struct(row, "attributes")).containsEntry("key", "[1,2]");
    assertThat(row.get("raw")).isNull();
  }

  @Test
  void absentValueIsNullAndKept() {
    byte[] span = len(ATTRIBUTES, text(1, "key"));
    Map<String, Object> row = row(span);
    assertThat(ActualRows.struct(row, "attributes")).containsEntry("key", null);
    assertThat(row).containsEntry("attribute_types", "n").containsEntry("raw", new Bytes(span));
  }

  @Test
  void repeatedKeyKeepsFirstPlaceAndLastValue() {
    byte[] span =
        Wire.of(
            keyValue(ATTRIBUTES, "a", varint(3, 1)),
            keyValue(ATTRIBUTES, "b", text(1, "two")),
            keyValue(ATTRIBUTES, "a", varint(2, 1)),
            keyValue(ATTRIBUTES, "c", varint(3, 3)),
            keyValue(ATTRIBUTES, "a"));
    Map<String, Object> row = row(span);
    assertThat(ActualRows.struct(row, "attributes").toString()).isEqualTo("{a=null, b=two, c=3}");
    assertThat(row).containsEntry("attribute_types", "nsi").containsEntry("raw", new Bytes(span));
  }

  @Test
  void keysThatAreEqualOnlyWhenRepairedAreOneKey() {
    byte[] broken = len(ATTRIBUTES, len(1, raw(0xff)), len(2, text(1, "1")));
    byte[] other = len(ATTRIBUTES, len(1, raw(0xfe)), len(2, text(1, "2")));
    Map<String, Object> row = row(Wire.of(broken, other));
    assertThat(ActualRows.struct(row, "attributes").toString()).isEqualTo("{\ufffd=2}");
    assertThat(row.get("raw")).isNotNull();
  }

  @Test
  void keyIndexIsKeptRaw() {
    byte[] span = len(ATTRIBUTES, text(1, "k"), len(2, text(1, "v")), varint(3, 1));
    assertThat(row(span)).containsEntry("raw", new Bytes(span));
  }

  private static Map<String, Object> row(byte[] span) {
    try (Decoding decoding = new Decoding()) {
      byte[] request = Wire.request(len(2, span));
      return decoding.rows(Signal.TRACES, request, Table.TRACES).get(0);
    }
  }
}
