package io.sluice.bench.whole;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.sluice.schema.table.Signal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The bytes of a request of any content, from a seed: each field may be absent, empty, usual or
 * extreme. What protobuf-java reads is what it means.
 */
final class RandomRequest {

  /**
   * How odd a request is.
   *
   * @param odd how likely, at each place, is what columns cannot hold (unknown fields, repeated
   *     keys, text that is not UTF-8 ...)
   * @param twist how likely, at each place, is what protobuf allows and no exporter writes (fields
   *     sent twice, messages in parts, other wire types ...)
   * @param deep how likely a value is nested about as deep as allowed
   */
  record Style(double odd, double twist, double deep) {
    /** Columns give it back. */
    static final Style PLAIN = new Style(0, 0, 0);

    static final Style ODD = new Style(0.02, 0, 0.01);
    static final Style HARDLY_ODD = new Style(0.004, 0, 0);
    static final Style TWISTED = new Style(0.002, 0.02, 0);
    static final Style WILD = new Style(0.2, 0.15, 0);
  }

  private static final Set<String> RECORDS =
      Set.of("spans", "log_records", "metrics", "data_points", "profiles");
  private static final int VALUE_LEVELS = 4;
  private static final int STRING = 1;
  private static final int INT = 3;
  private static final int ARRAY = 5;
  private static final int KVLIST = 6;

  private final Random random;
  private final RandomContent content;
  private final Style style;

  RandomRequest(Random random, long nowUnixNano, Style style) {
    this.random = random;
    this.content = new RandomContent(random, nowUnixNano);
    this.style = style;
  }

  byte[] bytes(Signal signal) {
    return message(OtlpBytes.request(signal), 0, 0);
  }

  /**
   * A message's fields.
   *
   * @param element which of its list it is: keys are told apart by it
   * @param values how many AnyValues it is in
   */
  private byte[] message(Descriptor type, int element, int values) {
    if (type.getName().equals("AnyValue")) {
      return value(type, values + 1);
    }
    List<byte[]> fields = new ArrayList<>();
    type.getOneofs().stream()
        .filter(oneof -> oneof.getFieldCount() > 1 && random.nextInt(8) > 0)
        .forEach(
            oneof -> singular(oneof.getField(random.nextInt(oneof.getFieldCount())), 0, fields));
    for (FieldDescriptor field : type.getFields()) {
      if (field.isRepeated()) {
        repeated(field, values, fields);
      } else if (field.getFullName().endsWith(".KeyValue.key")) {
        fields.add(WireFields.bytes(field.getNumber(), key(element)));
      } else if (isWanted(field)) {
        singular(field, values, fields);
      }
    }
    return finished(type, fields);
  }

  private boolean isWanted(FieldDescriptor field) {
    if (field.getRealContainingOneof() != null) {
      return twist();
    }
    if (field.getName().endsWith("strindex") && !isOfProfiles(field)) {
      return odd();
    }
    return field.getFullName().endsWith(".KeyValue.value") ? !odd() : random.nextInt(4) > 0;
  }

  private static boolean isOfProfiles(FieldDescriptor field) {
    return field.getFullName().contains(".profiles.");
  }

  private byte[] finished(Descriptor type, List<byte[]> fields) {
    boolean value = type.getName().equals("AnyValue") || type.getName().equals("KeyValue");
    if (value ? odd() : oddOften()) {
      fields.add(unknown(0));
    }
    if ((value ? odd() : oddOften()) && !type.getFields().isEmpty()) {
      fields.add(ofAnotherType(type.getFields().get(random.nextInt(type.getFields().size()))));
    }
    return twist() ? WireFields.shuffled(fields, random) : WireFields.joined(fields);
  }

  /** No other of the list has it. */
  private byte[] key(int element) {
    if (odd()) {
      return content.broken();
    }
    String key = element == 0 && random.nextInt(8) == 0 ? "" : content.text() + "#" + element;
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private void repeated(FieldDescriptor field, int values, List<byte[]> fields) {
    int most = values > VALUE_LEVELS ? 0 : RECORDS.contains(field.getName()) ? 6 : 3;
    int count = random.nextInt(most + 1);
    if (field.isPackable()) {
      numbers(field, count, fields);
      return;
    }
    if (field.getFullName().endsWith(".Resource.attributes") && random.nextInt(3) > 0) {
      fields.add(service(field));
    }
    for (int i = 0; i < count; i++) {
      byte[] one = field(field, i, values);
      fields.add(one);
      if (isEntry(field) && odd()) {
        fields.add(one);
      }
    }
  }

  private static boolean isEntry(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getName().equals("KeyValue");
  }

  private byte[] service(FieldDescriptor attributes) {
    byte[] name = content.service().getBytes(StandardCharsets.UTF_8);
    return WireFields.bytes(
        attributes.getNumber(),
        WireFields.joined(
            List.of(
                WireFields.bytes(1, "service.name".getBytes(StandardCharsets.UTF_8)),
                WireFields.bytes(2, WireFields.bytes(STRING, name)))));
  }

  private void numbers(FieldDescriptor field, int count, List<byte[]> fields) {
    List<byte[]> packed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] one = field(field, i, 0);
      if (twist()) {
        fields.add(one);
      } else {
        packed.add(java.util.Arrays.copyOfRange(one, 1, one.length)); // their tags are one byte
      }
    }
    if (!packed.isEmpty()) {
      fields.add(WireFields.bytes(field.getNumber(), WireFields.joined(packed)));
    }
  }

  private void singular(FieldDescriptor field, int values, List<byte[]> fields) {
    if (twist()) {
      fields.add(field(field, 0, values));
    }
    fields.add(field(field, 0, values));
  }

  private byte[] field(FieldDescriptor field, int element, int values) {
    int number = field.getNumber();
    return switch (field.getType()) {
      case MESSAGE -> {
        byte[] message =
            random.nextInt(8) == 0 && !isEntry(field)
                ? new byte[0]
                : message(field.getMessageType(), element, values);
        yield twist()
            ? WireFields.bytesWithLongLength(number, message)
            : WireFields.bytes(number, message);
      }
      case BYTES -> WireFields.bytes(number, OtlpBytes.isText(field) ? text() : content.bytes());
      case DOUBLE -> WireFields.fixed64(number, content.numberBits());
      case FIXED64, SFIXED64 ->
          WireFields.fixed64(
              number,
              field.getName().endsWith("time_unix_nano") ? content.time() : content.integer());
      case FIXED32 -> WireFields.fixed32(number, (int) content.integer());
      case BOOL -> WireFields.varint(number, twist() ? content.integer() : random.nextInt(2));
      case ENUM ->
          WireFields.varint(number, varint(random.nextInt(4) > 0 ? random.nextInt(4) : 99));
      case INT32, UINT32, INT64, UINT64, SINT32 ->
          WireFields.varint(
              number,
              isOfProfiles(field) && random.nextBoolean()
                  ? random.nextInt(4) // an index of what is there, perhaps
                  : varint(content.integer()));
      default -> throw new IllegalArgumentException(field.getFullName());
    };
  }

  /** Protobuf takes 32 bits of what is longer. */
  private long varint(long value) {
    boolean negative = random.nextInt(4) == 0;
    return twist() ? random.nextLong() : negative ? -value : value;
  }

  private byte[] text() {
    return odd() ? content.broken() : content.text().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] value(Descriptor type, int level) {
    if (random.nextDouble() < style.deep()) {
      return deep(60 + random.nextInt(10) - level);
    }
    List<byte[]> fields = new ArrayList<>();
    int members = random.nextInt(10) == 0 ? 0 : twist() ? 2 : 1;
    for (int i = 0; i < members; i++) {
      FieldDescriptor member = type.getFields().get(random.nextInt(type.getFields().size()));
      fields.add(member(member, level));
    }
    return finished(type, fields);
  }

  /** One kind of value; inside others, only those that JSON tells, unless that is odd. */
  private byte[] member(FieldDescriptor member, int level) {
    boolean odd = level > 1 ? oddOften() : odd();
    int number = member.getNumber();
    return switch (member.getName()) {
      case "double_value" -> {
        double value = content.number();
        boolean told = level == 1 || Double.isFinite(value);
        yield WireFields.fixed64(
            number, odd ? content.numberBits() : Double.doubleToLongBits(told ? value : 2.5));
      }
      case "bytes_value" ->
          level == 1 || odd
              ? WireFields.bytes(number, content.bytes())
              : WireFields.varint(INT, content.integer());
      case "string_value_strindex" -> WireFields.varint(odd ? number : INT, content.integer());
      default -> field(member, 0, level);
    };
  }

  /** An AnyValue's fields, so many levels in all. */
  private byte[] deep(int levels) {
    byte[] value = WireFields.bytes(STRING, text());
    for (int i = 1; i < levels; i++) {
      byte[] inside =
          random.nextBoolean()
              ? WireFields.bytes(KVLIST, WireFields.bytes(1, WireFields.bytes(2, value)))
              : WireFields.bytes(ARRAY, WireFields.bytes(1, value));
      value = inside;
    }
    return value;
  }

  /** Fields that are not the message's, groups among them. */
  private byte[] unknown(int depth) {
    List<byte[]> fields = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      int number = random.nextBoolean() ? 1000 + random.nextInt(5000) : 90;
      fields.add(
          switch (random.nextInt(depth < 3 ? 5 : 4)) {
            case 0 -> WireFields.varint(number, random.nextLong());
            case 1 -> WireFields.fixed32(number, random.nextInt());
            case 2 -> WireFields.fixed64(number, random.nextLong());
            case 3 -> WireFields.bytes(number, content.bytes());
            default -> WireFields.group(number, unknown(depth + 1));
          });
    }
    return WireFields.joined(fields);
  }

  private byte[] ofAnotherType(FieldDescriptor field) {
    int own = field.getLiteType().getWireType();
    int number = field.getNumber();
    return switch (random.nextInt(4)) {
      case 0 -> own == WireFormat.WIRETYPE_FIXED32 ? unknown(0) : WireFields.fixed32(number, 7);
      case 1 -> own == WireFormat.WIRETYPE_FIXED64 ? unknown(0) : WireFields.fixed64(number, 7);
      case 2 -> own == WireFormat.WIRETYPE_VARINT ? unknown(0) : WireFields.varint(number, 7);
      default -> WireFields.group(number, unknown(2));
    };
  }

  private boolean odd() {
    return random.nextDouble() < style.odd();
  }

  /** For what there are few places for. */
  private boolean oddOften() {
    return random.nextDouble() < Math.min(5 * style.odd(), 0.2);
  }

  private boolean twist() {
    return random.nextDouble() < style.twist();
  }
}
