package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Messages of any kind with any content, from a seed: each field may be absent, empty, usual or
 * extreme. How often what does not fit columns (unknown fields, repeated keys ...) is a parameter.
 */
public final class RandomMessages {

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "service.name",
          "k8s.pod.name",
          "é€𝄞",
          "q\"b\\s/\b\t\n\f\r\u0000\u001f\u007f",
          "a rather long text that does not fit into a few machine words, 0123456789".repeat(3));
  private static final List<Long> LONGS =
      List.of(0L, 1L, -1L, 127L, 128L, Long.MIN_VALUE, Long.MAX_VALUE, 1_760_000_000_123_000_000L);
  private static final List<Double> DOUBLES =
      List.of(
          0.0,
          -0.0,
          1.0,
          1e7,
          2e23,
          -12.75,
          Double.MIN_VALUE,
          Double.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.NaN);

  private final Random random;
  private final double odd;

  /**
   * @param odd how likely each odd thing is where it may be
   */
  public RandomMessages(Random random, double odd) {
    this.random = random;
    this.odd = odd;
  }

  /** A message like the prototype, with at most so many elements in a repeated field. */
  public Message message(Message prototype, int most, int depth) {
    Message.Builder builder = prototype.newBuilderForType();
    Descriptor type = prototype.getDescriptorForType();
    Set<FieldDescriptor> others = notChosen(type);
    for (FieldDescriptor field : type.getFields()) {
      if (others.contains(field)
          || (field.getName().endsWith("strindex") && !isUsual(field) && !odd())) {
        continue;
      }
      if (field.isRepeated()) {
        int count = random.nextInt(most + 1);
        for (int i = 0; i < count; i++) {
          builder.addRepeatedField(field, value(builder, field, most, depth));
        }
      } else if (isNeeded(field) ? !odd() : random.nextInt(4) > 0) {
        builder.setField(field, value(builder, field, most, depth));
      }
    }
    if (odd()) {
      builder.setUnknownFields(unknown(type, 0));
    }
    return odd == 0 ? Whole.made(builder.build()) : builder.build();
  }

  /** All members of each oneof but one: set one after the other, the last would be the usual. */
  private Set<FieldDescriptor> notChosen(Descriptor type) {
    Set<FieldDescriptor> others = new HashSet<>();
    for (OneofDescriptor oneof : type.getRealOneofs()) {
      others.addAll(oneof.getFields());
      others.remove(pick(oneof.getFields()));
    }
    return others;
  }

  /** Indices into a dictionary are of profiles alone. */
  private static boolean isUsual(FieldDescriptor strindex) {
    return strindex.getFullName().contains(".profiles.");
  }

  private static boolean isNeeded(FieldDescriptor field) {
    return field.getFullName().endsWith(".KeyValue.value");
  }

  private Object value(Message.Builder in, FieldDescriptor field, int most, int depth) {
    return switch (field.getJavaType()) {
      case INT ->
          isIndex(field)
              ? random.nextInt(7) - 1
              : random.nextBoolean() ? pick(LONGS).intValue() : random.nextInt(1000);
      case LONG -> random.nextBoolean() ? pick(LONGS) : (Long) random.nextLong();
      case DOUBLE -> number();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> pick(TEXTS) + (random.nextInt(3) == 0 ? "" : random.nextInt(100));
      case BYTE_STRING -> bytes();
      case ENUM ->
          field
              .getEnumType()
              .findValueByNumberCreatingIfUnknown(
                  random.nextInt(5) == 0 ? pick(LONGS).intValue() : random.nextInt(5));
      case MESSAGE -> nested(in.newBuilderForField(field).build(), field, most, depth);
      case FLOAT -> throw new IllegalArgumentException(field.getFullName());
    };
  }

  /** Most dictionaries here have three or four entries: some indices are of none. */
  private static boolean isIndex(FieldDescriptor field) {
    return field.getName().endsWith("strindex") || field.getName().endsWith("_indices");
  }

  /** Values in values in values stop somewhere. */
  private Message nested(Message prototype, FieldDescriptor field, int most, int depth) {
    boolean value = field.getMessageType().getName().equals("AnyValue");
    int fewer = depth > 2 ? random.nextInt(2) : Math.min(most, 3);
    return depth > 5 && value ? prototype : message(prototype, fewer, depth + (value ? 1 : 0));
  }

  private double number() {
    if (odd()) {
      return Double.longBitsToDouble(0x7ff8000000000001L | random.nextInt() & 0xffffffffL);
    }
    return random.nextBoolean() ? pick(DOUBLES) : random.nextGaussian();
  }

  private ByteString bytes() {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? random.nextInt(40) : 8 * random.nextInt(3)];
    if (random.nextInt(4) > 0) {
      random.nextBytes(bytes);
    }
    return ByteString.copyFrom(bytes);
  }

  /** Fields that are not the message's, groups among them. */
  private UnknownFieldSet unknown(Descriptor type, int depth) {
    UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
    for (int i = 0; i <= random.nextInt(2); i++) {
      int number = random.nextBoolean() ? 1000 + random.nextInt(5000) : 90;
      UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
      switch (random.nextInt(depth < 3 ? 5 : 4)) {
        case 0 -> field.addVarint(random.nextLong());
        case 1 -> field.addFixed32(random.nextInt());
        case 2 -> field.addFixed64(random.nextLong());
        case 3 -> field.addLengthDelimited(bytes());
        default -> field.addGroup(unknown(type, depth + 1));
      }
      fields.addField(number, field.build());
    }
    return fields.build();
  }

  private boolean odd() {
    return random.nextDouble() < odd;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
