package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes messages in ways that protobuf allows and no exporter uses: fields in any order, scalars
 * sent twice, messages in several parts, packed fields unpacked, overlong varints, known numbers
 * with other wire types. What it means is what protobuf-java reads.
 */
final class RandomWire {

  private final Random random;
  private final double odd;

  RandomWire(Random random, double odd) {
    this.random = random;
    this.odd = odd;
  }

  byte[] bytes(Message message) {
    List<byte[]> fields = new ArrayList<>();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.isRepeated() && field.isPackable()) {
        numbers(field, (List<?>) entry.getValue(), fields);
      } else if (field.isRepeated()) {
        ((List<?>) entry.getValue()).forEach(element -> fields.add(field(field, element)));
      } else {
        singular(field, entry.getValue(), fields);
      }
    }
    fields.add(message.getUnknownFields().toByteArray());
    if (odd() && !message.getDescriptorForType().getFields().isEmpty()) {
      fields.add(otherType(message));
    }
    if (odd()) {
      Collections.shuffle(fields, random);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    fields.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private void singular(FieldDescriptor field, Object value, List<byte[]> fields) {
    if (value instanceof Message message) {
      if (odd()) {
        parts(message).forEach(part -> fields.add(field(field, part)));
      }
      fields.add(field(field, message));
      return;
    }
    if (odd()) {
      fields.add(field(field, field.getDefaultValue()));
    }
    fields.add(field(field, value));
  }

  /** One message per field: parts of it, to be sent before the whole. */
  private static List<Message> parts(Message message) {
    List<Message> parts = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (parts.size() < 2) {
                parts.add(message.newBuilderForType().setField(field, value).build());
              }
            });
    return parts;
  }

  private void numbers(FieldDescriptor field, List<?> values, List<byte[]> fields) {
    int packed = odd() ? random.nextInt(values.size() + 1) : values.size();
    if (packed > 0) {
      Message some =
          DynamicMessage.newBuilder(field.getContainingType())
              .setField(field, values.subList(0, packed))
              .build();
      fields.add(some.toByteArray());
    }
    for (Object value : values.subList(packed, values.size())) {
      fields.add(
          written(
              out -> {
                out.writeTag(field.getNumber(), field.getLiteType().getWireType());
                switch (field.getType()) {
                  case FIXED64 -> out.writeFixed64NoTag((Long) value);
                  case DOUBLE -> out.writeDoubleNoTag((Double) value);
                  case UINT64, INT64 -> out.writeUInt64NoTag((Long) value);
                  case INT32 -> out.writeInt32NoTag((Integer) value);
                  default -> throw new IllegalArgumentException(field.getFullName());
                }
              }));
    }
  }

  private byte[] field(FieldDescriptor field, Object value) {
    if (value instanceof Message message) {
      byte[] bytes = bytes(message);
      return written(
          out -> {
            out.writeTag(field.getNumber(), WireFormat.WIRETYPE_LENGTH_DELIMITED);
            length(bytes.length, out);
            out.writeRawBytes(bytes);
          });
    }
    DynamicMessage.Builder alone = DynamicMessage.newBuilder(field.getContainingType());
    if (field.isRepeated()) {
      alone.addRepeatedField(field, value);
    } else {
      alone.setField(field, value);
    }
    byte[] bytes = alone.build().toByteArray();
    return bytes.length > 0 || field.isRepeated() ? bytes : zero(field);
  }

  /** Proto3 does not write defaults; on the wire they count. */
  private byte[] zero(FieldDescriptor field) {
    return written(
        out -> {
          int wireType = field.getLiteType().getWireType();
          out.writeTag(field.getNumber(), wireType);
          switch (wireType) {
            case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64NoTag(0);
            case WireFormat.WIRETYPE_FIXED32 -> out.writeFixed32NoTag(0);
            default -> out.writeRawByte(0);
          }
        });
  }

  private byte[] otherType(Message message) {
    List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
    FieldDescriptor field = fields.get(random.nextInt(fields.size()));
    int own = field.getLiteType().getWireType();
    return written(
        out -> {
          if (own != WireFormat.WIRETYPE_FIXED32 && random.nextBoolean()) {
            out.writeFixed32(field.getNumber(), random.nextInt());
          } else if (own != WireFormat.WIRETYPE_FIXED64) {
            out.writeFixed64(field.getNumber(), random.nextLong());
          } else {
            out.writeTag(field.getNumber(), WireFormat.WIRETYPE_START_GROUP);
            out.writeBytes(77, ByteString.copyFromUtf8("grouped"));
            out.writeTag(field.getNumber(), WireFormat.WIRETYPE_END_GROUP);
          }
        });
  }

  private void length(int length, CodedOutputStream out) throws IOException {
    if (odd()) {
      out.writeRawByte(length & 0x7f | 0x80);
      out.writeRawByte(length >>> 7 & 0x7f | 0x80);
      out.writeRawByte(length >>> 14 & 0x7f | 0x80);
      out.writeRawByte(0);
    } else {
      out.writeUInt32NoTag(length);
    }
  }

  private boolean odd() {
    return random.nextDouble() < odd;
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      writing.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
