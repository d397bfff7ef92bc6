package io.sluice.schema.otlp;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.MapVector;

/** Maps and their type letters back to KeyValues, in order. One thread at a time. */
final class Attributes {

  private final ValueText values = new ValueText();

  /** The entries of the map {@code name} at {@code index}; none if it is null. */
  List<KeyValue> of(Cells cells, String name, String typesName, int index) {
    MapVector map = cells.map(name);
    if (map.isNull(index)) {
      return List.of();
    }
    int start = map.getElementStartIndex(index);
    int entries = map.getElementEndIndex(index) - start;
    String types = types(cells, typesName, index, entries);
    var fields = map.getDataVector().getChildrenFromFields();
    VarCharVector keys = (VarCharVector) fields.get(0);
    VarCharVector texts = (VarCharVector) fields.get(1);
    List<KeyValue> attributes = new ArrayList<>(entries);
    for (int i = 0; i < entries; i++) {
      attributes.add(
          KeyValue.newBuilder()
              .setKey(text(keys, start + i))
              .setValue(
                  texts.isNull(start + i)
                      ? AnyValue.getDefaultInstance()
                      : values.value(text(texts, start + i), types.charAt(i)))
              .build());
    }
    return attributes;
  }

  /** One letter an entry; lengths that differ are counted and not trusted. */
  private String types(Cells cells, String name, int index, int entries) {
    String types = cells.text(name, index);
    if (types.length() == entries) {
      return types;
    }
    if (!cells.isNull(name, index)) {
      values.countMismatch();
    }
    return "s".repeat(entries);
  }

  private static String text(VarCharVector vector, int index) {
    return new String(vector.get(index), StandardCharsets.UTF_8);
  }

  ValueText values() {
    return values;
  }
}
