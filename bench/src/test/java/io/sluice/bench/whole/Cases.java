package io.sluice.bench.whole;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
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

  /** Parts are looked at without what is inside them. */
  private static final Set<String> INSIDE =
      Set.of(
          "scope_spans",
          "scope_logs",
          "scope_metrics",
          "spans",
          "log_records",
          "metrics",
          "data_points");

  private static final Set<String> ONLY_POINTS = Set.of("gauge", "summary");
  private static final int USUAL_LENGTH = 8;

  private static final String ALONE = ", and nothing else that columns cannot hold";

  /** Each of them is why something has raw bytes. */
  private static final Set<String> REASONS = reasons();

  private final Set<String> unseen;
  private final Set<String> found = new HashSet<>();
  private int values;

  /**
   * Nothing seen yet.
   *
   * @param plain only what columns can hold is looked for, else also what they cannot
   */
  Cases(boolean plain) {
    this.unseen = all(plain);
    if (!plain) {
      REASONS.forEach(reason -> unseen.add(reason + ALONE));
    }
  }

  /** What there is to be seen and was not. */
  Set<String> unseen() {
    return unseen;
  }

  /**
   * Everything to be seen in the messages of all signals but profiles: of these, nothing depends on
   * what columns can hold.
   */
  private static Set<String> all(boolean plain) {
    Set<String> all = new TreeSet<>();
    Set<Descriptor> types = new HashSet<>();
    for (Signal signal : Signal.stable()) {
      Descriptor request = OtlpBytes.request(signal);
      types.add(request); // no row can have what is beside the groups
      request.getFields().forEach(groups -> addAll(groups.getMessageType(), plain, types, all));
    }
    return all;
  }

  private static void addAll(
      Descriptor type, boolean plain, Set<Descriptor> types, Set<String> all) {
    if (!types.add(type)) {
      return;
    }
    if (!plain) {
      all.add(type.getName() + ": unknown field");
      all.add(type.getName() + ": known number of another type");
    }
    for (FieldDescriptor field : type.getFields()) {
      boolean isTold = !plain || !field.getName().endsWith("strindex");
      if (isTold && !INSIDE.contains(field.getName())) {
        all.addAll(
            allOf(field, plain, false).stream().map(of -> name(field, 1) + ": " + of).toList());
        boolean inside = !plain || !field.getName().equals("bytes_value");
        if (type.getName().equals(VALUE) && inside) {
          all.addAll(
              allOf(field, plain, true).stream().map(of -> name(field, 2) + ": " + of).toList());
        }
      }
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        addAll(field.getMessageType(), plain, types, all);
      }
    }
  }

  /** What is looked for in a field; in values inside others, columns hold less. */
  private static Set<String> allOf(FieldDescriptor field, boolean plain, boolean inside) {
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
          case MESSAGE ->
              field.isRepeated()
                  ? Set.of()
                  : plain && ONLY_POINTS.contains(field.getName())
                      ? Set.of("empty")
                      : Set.of("empty", "present");
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

  /** Looks at all that is stored of a request; whether it shows something new. */
  boolean see(Records records) {
    int before = unseen.size();
    for (Message part : records.parts()) {
      found.clear();
      look(part);
      unseen.removeAll(found);
      found.retainAll(REASONS);
      if (found.stream().map(r -> r.substring(0, r.indexOf(':'))).distinct().count() == 1) {
        found.forEach(reason -> unseen.remove(reason + ALONE));
      }
    }
    return unseen.size() < before;
  }

  private static Set<String> reasons() {
    Set<String> reasons = all(false);
    reasons.removeAll(all(true));
    reasons.removeIf(r -> r.endsWith("strindex: absent") || r.endsWith("bytes_value: absent"));
    ONLY_POINTS.forEach(
        data -> reasons.remove("Metric." + data + ": present")); // by what is inside
    return reasons;
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
    found.add(what);
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
