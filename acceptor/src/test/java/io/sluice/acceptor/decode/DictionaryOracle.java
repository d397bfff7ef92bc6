package io.sluice.acceptor.decode;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.profiles.v1development.KeyValueAndUnit;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import java.util.ArrayList;
import java.util.List;

/** Messages with what their indices stand for in place of these, from messages. */
final class DictionaryOracle {

  private final List<String> strings;
  private final List<KeyValueAndUnit> attributes;

  /**
   * @param dictionary null if there is none
   */
  DictionaryOracle(Message dictionary) {
    ProfilesDictionary all =
        dictionary == null
            ? ProfilesDictionary.getDefaultInstance()
            : (ProfilesDictionary) dictionary;
    strings = all.getStringTableList();
    attributes = all.getAttributeTableList();
  }

  /** Null for 0 and for what is not there. */
  String text(int index) {
    return index > 0 && index < strings.size() ? strings.get(index) : null;
  }

  /** The attributes that are there, and have a key. */
  List<KeyValue> attributes(List<?> indices) {
    List<KeyValue> found = new ArrayList<>();
    for (Object each : indices) {
      int index = (Integer) each;
      if (index > 0 && index < attributes.size()) {
        KeyValueAndUnit attribute = attributes.get(index);
        String key = text(attribute.getKeyStrindex());
        if (key != null) {
          found.add(
              KeyValue.newBuilder()
                  .setKey(key)
                  .setValue((AnyValue) resolved(attribute.getValue()))
                  .build());
        }
      }
    }
    return found;
  }

  /** The same message without indices of strings, as far as they stand for something. */
  Message resolved(Message message) {
    Message.Builder builder = message.toBuilder();
    if (builder instanceof AnyValue.Builder value && value.hasStringValueStrindex()) {
      int index = value.getStringValueStrindex();
      return index >= 0 && index < strings.size()
          ? value.setStringValue(strings.get(index)).build()
          : message;
    }
    if (builder instanceof KeyValue.Builder attribute && attribute.getKey().isEmpty()) {
      String key = text(attribute.getKeyStrindex());
      attribute.setKey(key == null ? "" : key);
    }
    message.getAllFields().forEach((field, value) -> resolve(builder, field, value));
    return builder.build();
  }

  private void resolve(Message.Builder builder, FieldDescriptor field, Object value) {
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return;
    }
    if (value instanceof List<?> list) {
      builder.setField(field, list.stream().map(each -> resolved((Message) each)).toList());
    } else {
      builder.setField(field, resolved((Message) value));
    }
  }
}
