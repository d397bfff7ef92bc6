package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.WireSpans;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one reader or another would choke on is refused before it is in the log. */
class ContentCheckTest {

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void rowsAsAnAcceptorSendsThemPass() {
    assertThatCode(() -> check(root -> {})).doesNotThrowAnyException();
    assertThatCode(() -> check(root -> text(root, "größer 漢字 🚀"))).doesNotThrowAnyException();
  }

  @Test
  void nullWhereTheSchemaHasNoneIsRefused() {
    assertThatThrownBy(() -> check(root -> unset(root.getVector("name"))))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("cannot take batch: name has 1 nulls, expected none");
    assertThatThrownBy(() -> check(root -> unset(root.getVector("events"))))
        .hasMessage("cannot take batch: events has 1 nulls, expected none");
  }

  @Test
  void nullKeyOfAMapIsRefused() {
    assertThatThrownBy(
            () ->
                check(
                    root -> {
                      attributes(root, "a", "b");
                      unset(keys(root));
                    }))
        .hasMessage("cannot take batch: key has 1 nulls, expected none");
  }

  @Test
  void keyThatStandsTwiceInOneMapIsRefused() {
    assertThatCode(() -> check(root -> attributes(root, "a", "b", "http.route", "http.method")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(root -> attributes(root, "a", "http.route", "b", "http.route")))
        .hasMessage("cannot take batch: attributes has a key twice in one map");
    String[] many = new String[200];
    for (int i = 0; i < many.length; i++) {
      many[i] = "key " + i;
    }
    assertThatCode(() -> check(root -> attributes(root, many))).doesNotThrowAnyException();
    many[150] = "key 3";
    assertThatThrownBy(() -> check(root -> attributes(root, many))).hasMessageContaining("twice");
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
    assertThatThrownBy(
            () -> check(root -> ((VarCharVector) root.getVector("name")).setSafe(0, surrogate)))
        .hasMessage("cannot take batch: name is not UTF-8");
  }

  @Test
  void characterCutInTwoByTheBorderOfTwoTextsIsNoUtf8() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    try (VarCharVector texts = new VarCharVector("t", allocator)) {
      texts.allocateNew();
      texts.setSafe(0, euro, 0, 1);
      texts.setSafe(1, euro, 1, 2);
      texts.setValueCount(2);
      assertThat(Utf8Check.isValid(texts)).isFalse();
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
      assertThat(Utf8Check.isValid(texts)).isEqualTo(valid);
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

  private void check(Consumer<VectorSchemaRoot> change) throws MalformedMessageException {
    byte[] message;
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", 0, 1, HotSpans.NOW * 1000)) {
      change.accept(root);
      message = WireMessages.of(root, List.of(new BatchId(1, 1)), HotSpans.NOW);
    }
    try (LoadedBatch batch = HotSpans.load(allocator, message)) {
      ContentCheck.check(batch);
    }
  }

  private static void unset(FieldVector vector) {
    BitVectorHelper.unsetBit(vector.getValidityBuffer(), 0);
  }

  private static FieldVector keys(VectorSchemaRoot root) {
    MapVector map = (MapVector) root.getVector("attributes");
    return map.getDataVector().getChildrenFromFields().get(0);
  }

  private static void text(VectorSchemaRoot root, String text) {
    ((VarCharVector) root.getVector("name")).setSafe(0, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void attributes(VectorSchemaRoot root, String... keys) {
    MapVector map = (MapVector) root.getVector("attributes");
    UnionMapWriter writer = map.getWriter();
    writer.setPosition(0);
    writer.startMap();
    for (String key : keys) {
      writer.startEntry();
      writer.key().varChar().writeVarChar(key);
      writer.value().varChar().writeVarChar("v");
      writer.endEntry();
    }
    writer.endMap();
    map.setValueCount(1);
  }
}
