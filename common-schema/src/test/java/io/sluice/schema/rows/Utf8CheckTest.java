package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;

class Utf8CheckTest {

  @Example
  void characterCutInTwoByTheBorderOfTwoTextsIsNoUtf8() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    try (BufferAllocator own = new RootAllocator();
        VarCharVector texts = new VarCharVector("t", own)) {
      texts.allocateNew();
      texts.setSafe(0, euro, 0, 1);
      texts.setSafe(1, euro, 1, 2);
      texts.setValueCount(2);
      assertThat(Utf8Check.isValid(Source.of(texts))).isFalse();
    }
  }

  @Property(tries = 2000)
  void utf8IsWhatTheJdkSaysItIs(@ForAll long seed) {
    Random random = new Random(seed);
    List<byte[]> all = new ArrayList<>();
    boolean valid = true;
    try (BufferAllocator own = new RootAllocator();
        VarCharVector texts = new VarCharVector("t", own)) {
      texts.allocateNew();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        byte[] text = random(random);
        all.add(text);
        valid &= isUtf8(text);
        texts.setSafe(i, text);
      }
      texts.setValueCount(all.size());
      assertThat(Utf8Check.isValid(Source.of(texts))).isEqualTo(valid);
    }
  }

  /** Text, in half of the cases with a byte of the kinds that matter put somewhere. */
  private static byte[] random(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int[] kinds = {'a', 'z', 0xe9, 0x7ff, 0x800, 0xd7ff, 0xffff, 0x10000, 0x10ffff};
      text.appendCodePoint(kinds[random.nextInt(random.nextBoolean() ? 2 : kinds.length)]);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(3) == 0) {
      int[] odd = {0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5};
      bytes[random.nextInt(bytes.length)] = (byte) odd[random.nextInt(odd.length)];
    }
    return bytes;
  }

  private static boolean isUtf8(byte[] text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
