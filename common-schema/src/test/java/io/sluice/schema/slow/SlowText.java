package io.sluice.schema.slow;

import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** AnyValues as text by the rules of the tables, written down plainly. */
final class SlowText {

  private static final long CANONICAL_NAN = 0x7ff8000000000000L;

  /** The text of a value; null for an empty one. */
  static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case BYTES_VALUE -> Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray());
      case ARRAY_VALUE, KVLIST_VALUE -> json(value);
      default -> null;
    };
  }

  static char letter(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> 's';
      case INT_VALUE -> 'i';
      case DOUBLE_VALUE -> 'd';
      case BOOL_VALUE -> 'b';
      case BYTES_VALUE -> 'y';
      case ARRAY_VALUE, KVLIST_VALUE -> 'j';
      default -> 'n';
    };
  }

  private static String json(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> quoted(value.getStringValue());
      case DOUBLE_VALUE ->
          Double.isFinite(value.getDoubleValue()) ? text(value) : quoted(text(value));
      case INT_VALUE, BOOL_VALUE -> text(value);
      case BYTES_VALUE -> quoted(text(value));
      case ARRAY_VALUE ->
          "["
              + String.join(
                  ",", value.getArrayValue().getValuesList().stream().map(SlowText::json).toList())
              + "]";
      case KVLIST_VALUE ->
          "{"
              + String.join(
                  ",",
                  value.getKvlistValue().getValuesList().stream()
                      .map(e -> quoted(e.getKey()) + ":" + json(e.getValue()))
                      .toList())
              + "}";
      default -> "null";
    };
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> out.append(c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return out.append('"').toString();
  }

  /** Each key once, where it came first, with its last value. */
  static Map<String, String> map(List<KeyValue> attributes) {
    Map<String, String> map = new LinkedHashMap<>();
    attributes.forEach(a -> map.put(a.getKey(), text(a.getValue())));
    return map;
  }

  /** One letter an entry; null when all are strings. */
  static String types(List<KeyValue> attributes) {
    Map<String, Character> letters = new LinkedHashMap<>();
    attributes.forEach(a -> letters.put(a.getKey(), letter(a.getValue())));
    StringBuilder types = new StringBuilder();
    letters.values().forEach(types::append);
    return types.toString().chars().allMatch(c -> c == 's') ? null : types.toString();
  }

  /** False if columns cannot give the message back: then its bytes go along. */
  static boolean inverts(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return false;
    }
    if (message instanceof AnyValue value) {
      return inverts(value, false);
    }
    if (message instanceof KeyValue attribute) {
      return attribute.hasValue()
          && attribute.getKeyStrindex() == 0
          && inverts(attribute.getValue());
    }
    boolean inverts = true;
    for (Object field : message.getAllFields().values()) {
      List<?> values = field instanceof List<?> list ? list : List.of(field);
      inverts &= keysOnce(values);
      for (Object value : values) {
        inverts &= !(value instanceof Message inner) || inverts(inner);
      }
    }
    return inverts;
  }

  private static boolean keysOnce(List<?> values) {
    Set<String> keys = new HashSet<>();
    return values.stream().allMatch(v -> !(v instanceof KeyValue kv) || keys.add(kv.getKey()));
  }

  private static boolean inverts(AnyValue value, boolean nested) {
    if (!value.getUnknownFields().asMap().isEmpty()) {
      return false;
    }
    return switch (value.getValueCase()) {
      case DOUBLE_VALUE ->
          nested
              ? Double.isFinite(value.getDoubleValue())
              : !Double.isNaN(value.getDoubleValue())
                  || Double.doubleToRawLongBits(value.getDoubleValue()) == CANONICAL_NAN;
      case BYTES_VALUE -> !nested;
      case STRING_VALUE_STRINDEX -> false;
      case ARRAY_VALUE ->
          value.getArrayValue().getUnknownFields().asMap().isEmpty()
              && value.getArrayValue().getValuesList().stream().allMatch(v -> inverts(v, true));
      case KVLIST_VALUE ->
          value.getKvlistValue().getUnknownFields().asMap().isEmpty()
              && keysOnce(value.getKvlistValue().getValuesList())
              && value.getKvlistValue().getValuesList().stream().allMatch(SlowText::nestedInverts);
      default -> true;
    };
  }

  private static boolean nestedInverts(KeyValue entry) {
    return entry.getUnknownFields().asMap().isEmpty()
        && entry.hasValue()
        && entry.getKeyStrindex() == 0
        && inverts(entry.getValue(), true);
  }

  private SlowText() {}
}
