package io.sluice.acceptor.decode;

import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes messages such that columns give them back without raw bytes. */
final class Whole {

  /** The same, with each key once and nothing inside values that JSON does not tell. */
  static Message made(Message message) {
    Message.Builder builder = message.toBuilder();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.isRepeated() && value instanceof List<?> list && hasKeys(list)) {
                builder.setField(field, once(list));
              }
            });
    if (builder instanceof AnyValue.Builder value && value.hasArrayValue()) {
      List<AnyValue> plain =
          value.getArrayValue().getValuesList().stream().map(Whole::inside).toList();
      value.getArrayValueBuilder().clearValues().addAllValues(plain);
    }
    if (builder instanceof AnyValue.Builder value && value.hasKvlistValue()) {
      List<KeyValue> plain =
          value.getKvlistValue().getValuesList().stream()
              .map(kv -> kv.toBuilder().setValue(inside(kv.getValue())).build())
              .toList();
      value.getKvlistValueBuilder().clearValues().addAllValues(plain);
    }
    return builder.build();
  }

  private static AnyValue inside(AnyValue value) {
    boolean untold =
        value.hasBytesValue()
            || (value.hasDoubleValue() && !Double.isFinite(value.getDoubleValue()));
    return untold ? AnyValue.newBuilder().setBoolValue(true).build() : value;
  }

  private static boolean hasKeys(List<?> list) {
    return !list.isEmpty() && list.get(0) instanceof KeyValue;
  }

  private static List<KeyValue> once(List<?> list) {
    Set<String> seen = new HashSet<>();
    List<KeyValue> once = new ArrayList<>();
    for (Object element : list) {
      KeyValue entry = (KeyValue) element;
      if (seen.add(entry.getKey())) {
        once.add(entry);
      }
    }
    return once;
  }

  private Whole() {}
}
