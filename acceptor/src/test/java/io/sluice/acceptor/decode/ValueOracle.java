package io.sluice.acceptor.decode;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** AnyValue's text and letters, once more, from messages. */
final class ValueOracle {

  static Map<String, String> map(List<?> attributes) {
    Map<String, String> map = new LinkedHashMap<>(); // keeps the place of the first, takes the last
    attributes.forEach(a -> map.put(((KeyValue) a).getKey(), text(((KeyValue) a).getValue())));
    return map;
  }

  static String types(List<KeyValue> attributes) {
    Map<String, Character> letters = new LinkedHashMap<>();
    attributes.forEach(a -> letters.put(a.getKey(), letter(a.getValue())));
    String types = letters.values().stream().map(String::valueOf).collect(Collectors.joining());
    return types.replace("s", "").isEmpty() ? null : types;
  }

  static Object body(Message log) {
    FieldDescriptor body = log.getDescriptorForType().findFieldByName("body");
    return log.hasField(body) ? text((AnyValue) log.getField(body)) : null;
  }

  static Object bodyType(Message log) {
    FieldDescriptor body = log.getDescriptorForType().findFieldByName("body");
    return log.hasField(body) ? String.valueOf(letter((AnyValue) log.getField(body))) : null;
  }

  static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case VALUE_NOT_SET, STRING_VALUE_STRINDEX -> null;
      case BYTES_VALUE -> base64(value);
      case DOUBLE_VALUE -> DoubleToDecimal.toString(value.getDoubleValue());
      default -> json(value);
    };
  }

  static char letter(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> 's';
      case BOOL_VALUE -> 'b';
      case INT_VALUE -> 'i';
      case DOUBLE_VALUE -> 'd';
      case ARRAY_VALUE, KVLIST_VALUE -> 'j';
      case BYTES_VALUE -> 'y';
      case VALUE_NOT_SET, STRING_VALUE_STRINDEX -> 'n';
    };
  }

  private static String json(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> quoted(value.getStringValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> {
        String text = DoubleToDecimal.toString(value.getDoubleValue());
        yield Double.isFinite(value.getDoubleValue()) ? text : quoted(text);
      }
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(ValueOracle::json)
              .collect(Collectors.joining(",", "[", "]"));
      case KVLIST_VALUE ->
          value.getKvlistValue().getValuesList().stream()
              .map(kv -> quoted(kv.getKey()) + ":" + json(kv.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case BYTES_VALUE -> quoted(base64(value));
      case VALUE_NOT_SET, STRING_VALUE_STRINDEX -> "null";
    };
  }

  private static String base64(AnyValue value) {
    return Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray());
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      int named = "\"\\\b\t\n\f\r".indexOf(c);
      if (named >= 0) {
        json.append('\\').append("\"\\btnfr".charAt(named));
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private ValueOracle() {}
}
