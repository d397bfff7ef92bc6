package io.sluice.schema.slow;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;
import java.util.Random;

/**
 * Random messages by reflection: every field of every message is sometimes absent, empty, extreme.
 * Tame ones are such that columns give them back; wild ones have anything that OTLP can carry.
 */
public final class RandomMessages {

  private static final long[] LONGS = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 1234567};
  private static final double[] DOUBLES = {
    0, -0.0, 1, 1.5, -2e23, 0.1, 1e-310, Double.MIN_VALUE, Double.MAX_VALUE, 123456789012345680.0
  };
  private static final double[] ODD_DOUBLES = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };
  private static final double ODD_NAN = Double.longBitsToDouble(0x7ff8000000000123L);
  private static final String[] TEXTS = {
    "",
    "a",
    "service.name",
    "GET /x",
    "\u0000",
    "\"q\\u\b\t\n\f\r\u001f\u007f",
    "né\u20ac\ud83d\ude00",
    "0123456789012345678901234567890123456789012345678901234567890123456789",
    "1",
    "1.0",
    "null"
  };

  private final Random random;
  private final boolean wild;

  public RandomMessages(long seed, boolean wild) {
    this.random = new Random(seed);
    this.wild = wild;
  }

  @SuppressWarnings("unchecked")
  public <M extends Message> M next(M prototype) {
    return (M) message(prototype.newBuilderForType(), 0);
  }

  private Message message(Message.Builder builder, int nested) {
    if (builder instanceof AnyValue.Builder value) {
      return value(value, nested);
    }
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        int n = random.nextInt(4);
        for (int i = 0; i < n; i++) {
          builder.addRepeatedField(field, element(builder, field, i, nested));
        }
      } else if (field.getName().endsWith("strindex")) {
        if (field.getFullName().contains(".profiles.")) {
          builder.setField(field, index());
        }
      } else if (random.nextInt(4) > 0) {
        builder.setField(field, element(builder, field, random.nextInt(3), nested));
      }
    }
    if (builder instanceof KeyValue.Builder entry) {
      finish(entry);
    }
    addUnknown(builder);
    return builder.build();
  }

  private void finish(KeyValue.Builder entry) {
    if (wild && random.nextInt(20) == 0) {
      if (random.nextBoolean()) {
        entry.clearKey();
      }
      entry.setKeyStrindex(index());
    }
    if (!wild && !entry.hasValue()) {
      entry.setValue(AnyValue.getDefaultInstance());
    }
  }

  private void addUnknown(Message.Builder builder) {
    if (wild && random.nextInt(60) == 0) {
      UnknownFieldSet.Field field =
          UnknownFieldSet.Field.newBuilder().addVarint(random.nextLong()).build();
      builder.setUnknownFields(UnknownFieldSet.newBuilder().addField(900, field).build());
    }
  }

  private Object element(Message.Builder parent, FieldDescriptor field, int i, int nested) {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      Message.Builder builder = parent.newBuilderForField(field);
      Message element = random.nextInt(8) == 0 ? builder.build() : message(builder, nested);
      return element instanceof KeyValue entry && !wild ? unlikeOthers(entry, i) : element;
    }
    return scalar(field);
  }

  /** With a key that no other entry has, and a value. */
  private static KeyValue unlikeOthers(KeyValue entry, int i) {
    return entry.toBuilder().setKey(entry.getKey() + i).setValue(entry.getValue()).build();
  }

  /** Into a table of which little is there: sometimes of an entry, sometimes of none. */
  private int index() {
    return random.nextInt(6) - 1;
  }

  private Object scalar(FieldDescriptor field) {
    if (field.getName().endsWith("_indices")) {
      return index();
    }
    return switch (field.getJavaType()) {
      case INT -> (int) pick(LONGS);
      case LONG -> pick(LONGS);
      case DOUBLE -> real();
      case FLOAT -> (float) real();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BYTE_STRING -> bytes();
      case ENUM -> enumValue(field.getEnumType());
      case MESSAGE -> throw new IllegalArgumentException("not a scalar: " + field);
    };
  }

  private Object enumValue(EnumDescriptor type) {
    int number = random.nextInt(4) == 0 ? (int) pick(LONGS) : random.nextInt(6);
    return type.findValueByNumberCreatingIfUnknown(number);
  }

  private long pick(long[] of) {
    return random.nextInt(4) == 0 ? random.nextLong() : of[random.nextInt(of.length)];
  }

  private double real() {
    return switch (random.nextInt(6)) {
      case 0 -> ODD_DOUBLES[random.nextInt(ODD_DOUBLES.length)];
      case 1 -> ODD_NAN;
      case 2 -> Math.scalb(random.nextDouble(), random.nextInt(200) - 100);
      default -> DOUBLES[random.nextInt(DOUBLES.length)];
    };
  }

  private ByteString bytes() {
    byte[] bytes = new byte[List.of(0, 0, 16, 8, 3, 40).get(random.nextInt(6))];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private AnyValue value(AnyValue.Builder value, int nested) {
    switch (random.nextInt(nested > 3 ? 8 : 12)) {
      case 0 -> value.setIntValue(pick(LONGS));
      case 1 -> value.setDoubleValue(valueOfKind(nested));
      case 2 -> value.setBoolValue(random.nextBoolean());
      case 3 -> {
        if (nested == 0 || wild) {
          value.setBytesValue(bytes());
        }
      }
      case 4 -> {}
      case 5, 6, 7 -> value.setStringValue(TEXTS[random.nextInt(TEXTS.length)]);
      case 8, 9 -> message(value.getArrayValueBuilder(), nested + 1);
      default -> message(value.getKvlistValueBuilder(), nested + 1);
    }
    if (wild && random.nextInt(30) == 0) {
      value.setStringValueStrindex(index());
    }
    addUnknown(value);
    return value.build();
  }

  private double valueOfKind(int nested) {
    double value = real();
    if (wild || (Double.isFinite(value) || nested == 0) && !Double.isNaN(value)) {
      return value;
    }
    return nested == 0 ? Double.NaN : 2.5;
  }
}
