package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.fixed64;
import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.raw;
import static io.sluice.acceptor.decode.Wire.text;
import static io.sluice.acceptor.decode.Wire.varint;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attributes about as long as those that are read in one go, and values about as simple. */
class ShortAttributesTest {

  private static final int ATTRIBUTES = 9;

  @Test
  void keysOfEachLengthComeBack() {
    for (int length = 0; length < 140; length++) {
      byte[] attribute = attribute("k".repeat(length), text(1, "value"));
      check(List.of(attribute));
      check(List.of(attribute, attribute("next", text(1, "x"))));
    }
  }

  @Test
  void valuesOfEachLengthComeBackAndBrokenOnesRepaired() {
    try (Decoding decoding = new Decoding()) {
      for (int length = 0; length < 140; length++) {
        byte[] value = "v".repeat(length).getBytes(StandardCharsets.US_ASCII);
        RoundTrip.check(decoding, Signal.TRACES, request(List.of(attribute("key", len(1, value)))));
        for (int broken = 0; broken < length; broken += 1 + length / 20) {
          byte[] other = value.clone();
          other[broken] = (byte) 0xff;
          byte[] request = request(List.of(attribute("key", len(1, other)), attribute("b")));
          Map<String, Object> row = decoding.rows(Signal.TRACES, request, Table.TRACES).get(1);
          assertThat(row.get("raw")).isNotNull();
          assertThat(String.valueOf(row.get("attributes")))
              .contains(new String(other, StandardCharsets.UTF_8));
        }
      }
    }
  }

  @Test
  void scalarsOfEachLengthComeBack() {
    List<byte[]> attributes = new ArrayList<>();
    for (int bits = 0; bits < 64; bits++) {
      attributes.add(attribute("up " + bits, varint(3, 1L << bits)));
      attributes.add(attribute("full " + bits, varint(3, -1L >>> bits)));
      attributes.add(attribute("below " + bits, varint(3, -(1L << bits))));
      attributes.add(attribute("double " + bits, fixed64(4, -1L << bits)));
    }
    attributes.add(attribute("true", varint(2, 1)));
    attributes.add(attribute("false", varint(2, 0)));
    attributes.add(attribute("another true", varint(2, 2)));
    attributes.add(attribute("a longer zero", raw(0x18, 0x80, 0x80, 0x00)));
    attributes.add(attribute("a longer true", raw(0x10, 0x81, 0x00)));
    attributes.add(attribute("twice", varint(3, 1), varint(3, 2)));
    attributes.add(attribute("then text", varint(3, 1), text(1, "text")));
    attributes.add(attribute("empty"));
    check(attributes);
  }

  @Test
  void moreThanAreReadInOneGoComeBack() {
    List<byte[]> attributes = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      attributes.add(attribute("key " + i, text(1, "value".repeat(i % 20))));
    }
    check(attributes);
  }

  /**
   * Several times, each in an array that ends with it: as the first of its sort, and as another.
   */
  private static void check(List<byte[]> attributes) {
    try (Decoding decoding = new Decoding()) {
      for (int i = 0; i < 3; i++) {
        RoundTrip.check(decoding, Signal.TRACES, request(attributes));
      }
    }
  }

  private static byte[] request(List<byte[]> attributes) {
    byte[] span = len(2, attributes.toArray(byte[][]::new));
    return Wire.request(span, span);
  }

  private static byte[] attribute(String key, byte[]... value) {
    return Wire.keyValue(ATTRIBUTES, key, value);
  }
}
