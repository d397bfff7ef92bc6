package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.rows.ContentCheck;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.WireSpans;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
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

  private void check(Consumer<VectorSchemaRoot> change) throws MalformedMessageException {
    byte[] message;
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", 0, 1, HotSpans.NOW * 1000)) {
      change.accept(root);
      message = WireMessages.of(root, List.of(new BatchId(1, 1)), HotSpans.NOW);
    }
    try (LoadedBatch batch = HotSpans.load(allocator, message)) {
      ContentCheck.check(batch.wire());
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
