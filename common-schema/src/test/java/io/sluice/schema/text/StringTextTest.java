package io.sluice.schema.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.Test;

class StringTextTest {

  @Property(tries = 3_000)
  void validityIsTheJdksOpinion(@ForAll("nearlyText") byte[] bytes) {
    boolean[] valid = new boolean[1];
    byte[] copied = Memory.written(bytes.length + Utf8Text.SLACK, a -> copy(bytes, a, valid));
    assertThat(valid[0]).isEqualTo(isUtf8(bytes));
    assertThat(copied).isEqualTo(bytes);
  }

  @Property(tries = 3_000)
  void repairIsTheJdksReplacement(@ForAll("nearlyText") byte[] bytes) {
    byte[] framed = framed(bytes);
    byte[] repaired =
        Memory.written(3 * bytes.length, a -> Utf8Text.repair(framed, 1, bytes.length, a));
    String expected = new String(bytes, StandardCharsets.UTF_8);
    assertThat(new String(repaired, StandardCharsets.UTF_8)).isEqualTo(expected);
    assertThat(isUtf8(repaired)).isTrue();
  }

  @Property
  void jsonReadersReadWhatWasEscaped(@ForAll String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String json = "\"" + escaped(bytes) + "\"";
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      assertThat(parser.getText()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Test
  void onlyWhatMustBeEscapedIs() {
    assertThat(escaped("a\"b\\c/é\u007f\0\b\t\n\u000b\f\r\u001f".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("a\\\"b\\\\c/é\u007f\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f");
  }

  @Property
  void base64IsTheJdks(@ForAll byte[] bytes) {
    byte[] framed = framed(bytes);
    String text =
        Memory.text(
            (int) Base64Text.length(bytes.length),
            a -> {
              Base64Text.write(framed, 1, bytes.length, a);
              return (int) Base64Text.length(bytes.length);
            });
    assertThat(text).isEqualTo(Base64.getEncoder().encodeToString(bytes));
  }

  /** Whole characters, halves of them, and bytes that begin or continue nothing. */
  @Provide
  Arbitrary<byte[]> nearlyText() {
    Arbitrary<byte[]> whole =
        Arbitraries.of("a", "plain text of some length", "é", "€", "𝄞", "\u07ff", "\uffff", "\0")
            .map(s -> s.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> broken =
        Arbitraries.of(
                "80",
                "bf",
                "c0",
                "c1",
                "c3",
                "e0",
                "e09f",
                "e0a0",
                "e282",
                "ed9f",
                "eda080",
                "edbf",
                "f0",
                "f08f",
                "f09d84",
                "f0909090",
                "f48f",
                "f490",
                "f5",
                "ff",
                "f4",
                "ed",
                "41")
            .map(StringTextTest::hex);
    return Arbitraries.oneOf(whole, broken)
        .list()
        .ofMaxSize(12)
        .map(parts -> parts.stream().reduce(new byte[0], StringTextTest::concat));
  }

  private static int copy(byte[] bytes, long address, boolean[] valid) {
    byte[] framed = bytes.length % 2 == 0 ? framed(bytes) : bytes;
    int offset = bytes.length % 2 == 0 ? 1 : 0;
    valid[0] = Utf8Text.copy(framed, offset, bytes.length, address);
    return bytes.length;
  }

  private static String escaped(byte[] bytes) {
    return Memory.text(
        6 * bytes.length + 8,
        address -> {
          MemoryUtil.copyToMemory(bytes, 0, address, bytes.length);
          long length = JsonText.escapedLength(address, bytes.length);
          JsonText.escape(address, bytes.length, length);
          return (int) length;
        });
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static byte[] framed(byte[] bytes) {
    byte[] framed = new byte[bytes.length + 2];
    Arrays.fill(framed, (byte) 0x80);
    System.arraycopy(bytes, 0, framed, 1, bytes.length);
    return framed;
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] hex(String text) {
    return java.util.HexFormat.of().parseHex(text);
  }
}
