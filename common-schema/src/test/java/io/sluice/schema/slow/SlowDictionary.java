package io.sluice.schema.slow;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.profiles.v1development.KeyValueAndUnit;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import java.util.ArrayList;
import java.util.List;

/** What indices of profiles stand for, written into messages that have none. */
final class SlowDictionary {

  private final ProfilesDictionary dictionary;

  SlowDictionary(ProfilesDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** Null for 0 and for what the dictionary has not. */
  String text(int index) {
    return index > 0 && index < dictionary.getStringTableCount()
        ? dictionary.getStringTable(index)
        : null;
  }

  /** The entries that there are and have a key, without their units. */
  List<KeyValue> attributes(List<Integer> indices) {
    List<KeyValue> attributes = new ArrayList<>();
    for (int index : indices) {
      if (index > 0 && index < dictionary.getAttributeTableCount()) {
        KeyValueAndUnit entry = dictionary.getAttributeTable(index);
        String key = text(entry.getKeyStrindex());
        if (key != null) {
          attributes.add(
              KeyValue.newBuilder().setKey(key).setValue(resolved(entry.getValue())).build());
        }
      }
    }
    return attributes;
  }

  List<KeyValue> resolved(List<KeyValue> attributes) {
    return attributes.stream().map(this::resolved).toList();
  }

  private KeyValue resolved(KeyValue attribute) {
    KeyValue.Builder resolved = attribute.toBuilder();
    String key = text(attribute.getKeyStrindex());
    if (attribute.getKey().isEmpty() && key != null) {
      resolved.setKey(key);
    }
    if (attribute.hasValue()) {
      resolved.setValue(resolved(attribute.getValue()));
    }
    return resolved.build();
  }

  private AnyValue resolved(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE_STRINDEX -> {
        int index = value.getStringValueStrindex();
        yield index >= 0 && index < dictionary.getStringTableCount()
            ? AnyValue.newBuilder().setStringValue(dictionary.getStringTable(index)).build()
            : value;
      }
      case ARRAY_VALUE ->
          AnyValue.newBuilder()
              .setArrayValue(
                  ArrayValue.newBuilder()
                      .addAllValues(
                          value.getArrayValue().getValuesList().stream()
                              .map(this::resolved)
                              .toList()))
              .build();
      case KVLIST_VALUE ->
          AnyValue.newBuilder()
              .setKvlistValue(
                  KeyValueList.newBuilder()
                      .addAllValues(resolved(value.getKvlistValue().getValuesList())))
              .build();
      default -> value;
    };
  }
}
