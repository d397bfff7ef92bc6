package io.sluice.query;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Types of DuckDB that Arrow does not have: they come as bytes, with their names. (Unless asked for
 * them so, DuckDB gives the nearest type of Arrow, and wrong values with it.)
 */
enum DuckType {
  HUGEINT(true),
  UHUGEINT(true),
  BIGNUM(true),
  TIME_TZ(false),
  BIT(false),
  UNIVERSAL_ID(false);

  private static final String NAME = "ARROW:extension:name";
  private static final String METADATA = "ARROW:extension:metadata";
  private static final int BIGNUM_HEADER = 3;

  private final boolean number;

  DuckType(boolean number) {
    this.number = number;
  }

  boolean isNumber() {
    return number;
  }

  /** Null if it is a type of Arrow's. */
  static @Nullable DuckType of(Field field) {
    Map<String, String> metadata = field.getMetadata();
    String name = metadata.getOrDefault(NAME, "");
    String about = metadata.getOrDefault(METADATA, "");
    if (name.equals("arrow.uuid")) {
      return UNIVERSAL_ID;
    }
    if (name.equals("arrow.opaque") && about.contains("\"DuckDB\"")) {
      for (DuckType type : values()) {
        if (about.contains('"' + type.name().toLowerCase(Locale.ROOT) + '"')) {
          return type;
        }
      }
    }
    return null;
  }

  String text(byte[] value) {
    return switch (this) {
      case HUGEINT -> new BigInteger(reversed(value)).toString();
      case UHUGEINT -> new BigInteger(1, reversed(value)).toString();
      case BIGNUM -> bignum(value);
      case TIME_TZ ->
          TimeText.timeWithZone(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong());
      case BIT -> bits(value);
      case UNIVERSAL_ID -> {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        yield new UUID(bytes.getLong(), bytes.getLong()).toString();
      }
    };
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  /** Sign and length, then the magnitude; of a negative number all bits are turned. */
  private static String bignum(byte[] value) {
    boolean negative = value[0] >= 0;
    byte[] magnitude = new byte[value.length - BIGNUM_HEADER];
    for (int i = 0; i < magnitude.length; i++) {
      byte each = value[BIGNUM_HEADER + i];
      magnitude[i] = negative ? (byte) ~each : each;
    }
    return new BigInteger(negative ? -1 : 1, magnitude).toString();
  }

  /** The first byte says how many bits of the second are none. */
  private static String bits(byte[] value) {
    StringBuilder bits = new StringBuilder();
    for (int i = Byte.SIZE + value[0]; i < value.length * Byte.SIZE; i++) {
      bits.append((value[i / Byte.SIZE] >> (Byte.SIZE - 1 - i % Byte.SIZE)) & 1);
    }
    return bits.toString();
  }
}
