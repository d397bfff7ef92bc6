package io.sluice.bench.fuzz.mutate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field as it lies on the wire, and how it lies about itself. A field that is a message by its
 * descriptor has fields instead of bytes.
 */
final class WireField {

  static final int VARINT = 0;
  static final int I64 = 1;
  static final int LEN = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int I32 = 5;

  int number;
  int wireType;
  long value;
  byte[] bytes = new byte[0];
  @Nullable List<WireField> fields;
  @Nullable Descriptor type;

  /** How many bytes more than it has it says it has. */
  long lie;

  /** How many bytes more than needed its first varint takes. */
  int padding;

  WireField(int number, int wireType) {
    this.number = number;
    this.wireType = wireType;
  }

  /** The fields of a message; null if it is none. */
  static @Nullable List<WireField> parse(byte[] message, Descriptor type) {
    return parse(new Cursor(message), type);
  }

  private static @Nullable List<WireField> parse(Cursor in, Descriptor type) {
    List<WireField> fields = new ArrayList<>();
    while (in.at < in.bytes.length) {
      long tag = in.varint();
      WireField field = new WireField((int) (tag >>> 3), (int) tag & 7);
      switch (field.wireType) {
        case VARINT -> field.value = in.varint();
        case I64 -> field.value = in.fixed(Long.BYTES);
        case I32 -> field.value = in.fixed(Integer.BYTES);
        case LEN -> {
          field.bytes = in.take(in.varint());
          FieldDescriptor known = type.findFieldByNumber(field.number);
          if (known != null && known.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            field.type = known.getMessageType();
            field.fields = parse(field.bytes, known.getMessageType());
          }
        }
        default -> in.broken = true;
      }
      if (in.broken) {
        return null;
      }
      fields.add(field);
    }
    return fields;
  }

  WireField copy() {
    WireField copy = new WireField(number, wireType);
    copy.value = value;
    copy.bytes = bytes;
    copy.type = type;
    copy.lie = lie;
    copy.padding = padding;
    if (fields != null) {
      copy.fields = new ArrayList<>(fields.stream().map(WireField::copy).toList());
    }
    return copy;
  }

  /** Bytes of all fields, one behind the other. */
  static byte[] bytes(List<WireField> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    fields.forEach(field -> field.write(out));
    return out.toByteArray();
  }

  private void write(ByteArrayOutputStream out) {
    varint(((long) number << 3) | wireType, 0, out);
    switch (wireType) {
      case VARINT -> varint(value, padding, out);
      case I64 -> fixed(Long.BYTES, out);
      case I32 -> fixed(Integer.BYTES, out);
      case LEN -> {
        byte[] content = content();
        varint(content.length + lie, padding, out);
        out.writeBytes(content);
      }
      case START_GROUP -> out.writeBytes(content()); // its end, if any, is one of its fields
      default -> {}
    }
  }

  byte[] content() {
    return fields == null ? bytes : bytes(fields);
  }

  private void fixed(int size, ByteArrayOutputStream out) {
    for (int i = 0; i < size; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  private static void varint(long value, int padding, ByteArrayOutputStream out) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write(((int) rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    if (padding == 0) {
      out.write((int) rest);
      return;
    }
    out.write((int) rest | 0x80);
    for (int i = 1; i < padding; i++) {
      out.write(0x80);
    }
    out.write(0);
  }

  private static final class Cursor {
    private final byte[] bytes;
    private int at;
    private boolean broken;

    Cursor(byte[] bytes) {
      this.bytes = bytes;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 70 && at < bytes.length; shift += 7) {
        byte b = bytes[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      broken = true;
      return 0;
    }

    long fixed(int size) {
      byte[] taken = take(size);
      long value = 0;
      for (int i = taken.length - 1; i >= 0; i--) {
        value = (value << 8) | (taken[i] & 0xff);
      }
      return value;
    }

    byte[] take(long length) {
      if (length < 0 || length > bytes.length - at) {
        broken = true;
        return new byte[0];
      }
      byte[] taken = new byte[(int) length];
      System.arraycopy(bytes, at, taken, 0, taken.length);
      at += taken.length;
      return taken;
    }
  }
}
