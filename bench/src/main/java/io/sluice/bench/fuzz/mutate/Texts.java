package io.sluice.bench.fuzz.mutate;

import java.nio.charset.StandardCharsets;

/** Text and the bytes of it. */
final class Texts {

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private Texts() {}
}
