package io.sluice.bench.whole;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.sluice.schema.table.Signal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What messages show of all that their types allow: each field there, not there and at its
 * extremes, each message with unknown fields. Read from what protobuf-java has parsed, so that it
 * does not matter how requests are made up.
 */
final class Cases {

  private static final String VALUE = "AnyValue";
  private static final int USUAL_LENGTH = 8;

  private final Set<String> seen = new HashSet<>();
  private final boolean plain;
  private int values;

  /**
   * Nothing seen yet.
   *
   * @param plain only what columns can hold is looked for, else also what they cannot
   */
  Cases(boolean plain) {
    this.plain = plain;
  }

  /** What there is to be seen and was not. */
  Set<String> unseen() {
    Set<String> unseen = new TreeSet<>(all());
    unseen.removeAll(seen);
    return unseen;
  }

  /** Everything to be seen in the messages of all signals. */
  private Set<String> all() {
    Set<String> all = new TreeSet<>();
    Set<Descriptor> types = new HashSet<>();
    for (Signal signal : Signal.values()) {
      Descriptor request = OtlpBytes.request(signal);
      types.add(request); // no row can have what is beside the groups
      request.getFields().forEach(groups -> addAll(groups.getMessageType(), types, all));
    }
    return all;
  }

  private void addAll(Descriptor type, Set<Descriptor> types, Set<String> all) {
    if (!types.add(type)) {
      return;
    }
    if (!plain) {
      all.add(type.getName() + ": unknown field");
      all.add(type.getName() + ": known number of another type");
    }
    for (FieldDescriptor field : type.getFields()) {
      if (!(plain && field.getName().endsWith("strindex"))) {
        all.addAll(allOf(field, false).stream().map(of -> name(field, 1) + ": " + of).toList());
        boolean inside = !plain || !field.getName().equals("bytes_value");
        if (type.getName().equals(VALUE) && inside) {
          all.addAll(allOf(field, true).stream().map(of -> name(field, 2) + ": " + of).toList());
        }
      }
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        addAll(field.getMessageType(), types, all);
      }
    }
  }

  /** What is looked for in a field; in values inside others, columns hold less. */
  private Set<String> allOf(FieldDescriptor field, boolean inside) {
    Set<String> all = new TreeSet<>();
    boolean inValue = field.getContainingType().getName().equals(VALUE);
    if (!plain || !field.getFullName().endsWith(".KeyValue.value")) {
      all.add("absent");
    }
    if (field.isRepeated()) {
      all.addAll(Set.of("one", "several"));
    }
    all.addAll(
        switch (field.getType()) {
          case MESSAGE -> field.isRepeated() ? Set.of() : Set.of("empty", "present");
          case BYTES ->
              !OtlpBytes.isText(field)
                  ? Set.of("8 bytes", "zeros", "odd length")
                  : plain ? Set.of("text", "NUL") : Set.of("text", "NUL", "not UTF-8");
          case DOUBLE ->
              plain && inside
                  ? Set.of("number", "-0.0")
                  : plain && inValue
                      ? Set.of("number", "infinity", "NaN", "-0.0")
                      : Set.of("number", "infinity", "NaN", "NaN with bits", "-0.0");
          case ENUM -> Set.of("known", "unknown", "negative");
          case BOOL -> Set.of("true");
          default -> Set.of("number", "top bit");
        });
    if (field.hasPresence() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      all.add("present, default");
    }
    if (!plain && field.getFullName().endsWith(".KeyValue.key")) {
      all.add("repeated in its list");
    }
    return all;
  }

  /** Looks at the groups of a request. */
  void see(DynamicMessage request) {
    FieldDescriptor groups = request.getDescriptorForType().findFieldByNumber(1);
    ((List<?>) request.getField(groups)).forEach(group -> look((Message) group));
  }

  private void look(Message message) {
    Descriptor type = message.getDescriptorForType();
    int outer = values;
    values += type.getName().equals(VALUE) ? 1 : 0;
    for (int number : message.getUnknownFields().asMap().keySet()) {
      boolean known = type.findFieldByNumber(number) != null;
      saw(type.getName() + (known ? ": known number of another type" : ": unknown field"));
    }
    for (FieldDescriptor field : type.getFields()) {
      if (field.isRepeated()) {
        List<?> elements = (List<?>) message.getField(field);
        int size = elements.size();
        saw(name(field) + (size == 0 ? ": absent" : size == 1 ? ": one" : ": several"));
        elements.forEach(element -> look(field, element));
        lookAtKeys(elements);
      } else if (field.hasPresence() ? message.hasField(field) : isSet(message, field)) {
        look(field, message.getField(field));
      } else {
        saw(name(field) + ": absent");
      }
    }
    values = outer;
  }

  private void saw(String what) {
    seen.add(what);
  }

  private static boolean isSet(Message message, FieldDescriptor field) {
    return message.getAllFields().containsKey(field);
  }

  private void lookAtKeys(List<?> elements) {
    Set<Object> keys = new HashSet<>();
    for (Object element : elements) {
      if (element instanceof Message entry
          && entry.getDescriptorForType().getName().equals("KeyValue")
          && !keys.add(entry.getField(entry.getDescriptorForType().findFieldByNumber(1)))) {
        saw("KeyValue.key: repeated in its list");
      }
    }
  }

  private void look(FieldDescriptor field, Object value) {
    if (value instanceof Message message) {
      if (!field.isRepeated()) {
        saw(name(field) + (message.getSerializedSize() == 0 ? ": empty" : ": present"));
      }
      look(message);
      return;
    }
    if (value.equals(field.getDefaultValue()) && field.hasPresence()) {
      saw(name(field) + ": present, default");
    }
    saw(name(field) + ": " + kind(field, value));
  }

  private static String kind(FieldDescriptor field, Object value) {
    if (value instanceof ByteString bytes) {
      return OtlpBytes.isText(field) ? text(bytes) : bytes(bytes);
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof EnumValueDescriptor constant) {
      int number = constant.getNumber();
      return number < 0 ? "negative" : constant.getIndex() < 0 ? "unknown" : "known";
    }
    if (value instanceof Boolean) {
      return value.toString();
    }
    return ((Number) value).longValue() < 0 ? "top bit" : "number";
  }

  private static String text(ByteString bytes) {
    return !bytes.isValidUtf8()
        ? "not UTF-8"
        : bytes.toStringUtf8().contains("\0") ? "NUL" : "text";
  }

  private static String bytes(ByteString bytes) {
    if (bytes.size() % USUAL_LENGTH != 0) {
      return "odd length";
    }
    boolean zeros = true;
    for (byte b : bytes) {
      zeros &= b == 0;
    }
    return zeros ? "zeros" : "8 bytes";
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      boolean own = Double.doubleToRawLongBits(value) != Double.doubleToLongBits(value);
      return own ? "NaN with bits" : "NaN";
    }
    return Double.isInfinite(value) ? "infinity" : value == 0 && 1 / value < 0 ? "-0.0" : "number";
  }

  private String name(FieldDescriptor field) {
    return name(field, values);
  }

  private static String name(FieldDescriptor field, int values) {
    String type = field.getContainingType().getName();
    return (type.equals(VALUE) && values > 1 ? type + " inside" : type) + "." + field.getName();
  }
}
