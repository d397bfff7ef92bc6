package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.raw;
import static io.sluice.acceptor.decode.Wire.request;
import static io.sluice.acceptor.decode.Wire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Signal;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not protobuf is refused, with what and where. */
class MalformedTest {

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of(raw(0x0a, 9, 0), "length 9 overruns its message at byte 1"),
        Arguments.of(raw(0x0a, 2, 0x12, 9), "length 9 overruns its message at byte 3"),
        Arguments.of(
            Wire.of(raw(0x0a, 3, 0x12, 9, 0x12), new byte[20]),
            "length 9 overruns its message at byte 3"),
        Arguments.of(
            raw(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
            "length 4294967295 overruns its message at byte 1"),
        Arguments.of(raw(0x0a), "the message ends inside a field at byte 1"),
        Arguments.of(raw(0x8a), "the message ends inside a field at byte 0"),
        Arguments.of(request(raw(0x39, 1, 2)), "the message ends inside a field at byte 5"),
        Arguments.of(raw(0x02, 0), "field number 0 at byte 1"),
        Arguments.of(raw(0x0e), "wire type 6 does not exist at byte 1"),
        Arguments.of(raw(0x0f), "wire type 7 does not exist at byte 1"),
        Arguments.of(raw(0x14), "an end of a group that did not begin at byte 1"),
        Arguments.of(raw(0x13, 0x1c), "the end of another group than the one that began at byte 2"),
        Arguments.of(raw(0x13, 0x08, 1), "the message ends inside a group at byte 1"),
        Arguments.of(
            raw(0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
            "a varint of more than 10 bytes at byte 1"),
        Arguments.of(groups(101), "groups nested deeper than 100 at byte 202"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void saysWhatAndWhere(byte[] request, String message) {
    try (Decoding decoding = new Decoding()) {
      assertThatThrownBy(() -> decoding.decode(Signal.TRACES, request))
          .isInstanceOf(MalformedRequestException.class)
          .hasMessage(message);
    }
  }

  @Test
  void hundredGroupsAreAnUnknownField() {
    try (Decoding decoding = new Decoding()) {
      assertThat(decoding.decode(Signal.TRACES, groups(100)).parts()).isEmpty();
    }
  }

  /** Whatever is cut off, and wherever: the rows before it are not to be seen either. */
  @Test
  void everyTruncationIsRefusedOrShorter() {
    byte[] whole = new Traffic(5).metrics(50).toByteArray();
    try (Decoding decoding = new Decoding()) {
      for (int length = 1; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> decoding.decode(Signal.METRICS, cut))
            .isInstanceOf(MalformedRequestException.class);
      }
    }
  }

  /** Members of a oneof that do not count, parts of a message that is replaced: all are read. */
  @Test
  void bytesThatDoNotCountAreChecked() {
    byte[] broken = raw(0x0a, 5);
    byte[] array = len(5, broken);
    byte[] string = text(1, "last");
    byte[] span = len(2, len(9, text(1, "key"), len(2, array, string)));
    byte[] gauge = len(2, len(5, len(1, raw(0x39, 1))), len(7, len(1)));
    try (Decoding decoding = new Decoding()) {
      assertThatThrownBy(() -> decoding.decode(Signal.TRACES, len(1, len(2, span))))
          .isInstanceOf(MalformedRequestException.class);
      assertThatThrownBy(() -> decoding.decode(Signal.METRICS, len(1, len(2, gauge))))
          .isInstanceOf(MalformedRequestException.class);
    }
  }

  private static byte[] groups(int depth) {
    byte[] groups = new byte[4 * depth];
    for (int i = 0; i < depth; i++) {
      groups[2 * i] = (byte) 0xa3;
      groups[2 * i + 1] = 0x1f;
      groups[2 * depth + 2 * i] = (byte) 0xa4;
      groups[2 * depth + 2 * i + 1] = 0x1f;
    }
    return groups;
  }
}
