package io.sluice.bench.whole;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Fields as protobuf writes them, one array each. */
final class WireFields {

  interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  static byte[] written(Writing writing) {
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

  static byte[] bytes(int number, byte[] content) {
    return written(
        out -> {
          out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          out.writeUInt32NoTag(content.length);
          out.writeRawBytes(content);
        });
  }

  /** The same with a length of four bytes, however short. */
  static byte[] bytesWithLongLength(int number, byte[] content) {
    return written(
        out -> {
          out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          for (int shift = 0; shift < 21; shift += 7) {
            out.writeRawByte(content.length >>> shift & 0x7f | 0x80);
          }
          out.writeRawByte(content.length >>> 21);
          out.writeRawBytes(content);
        });
  }

  static byte[] varint(int number, long value) {
    return written(out -> out.writeUInt64(number, value));
  }

  static byte[] fixed64(int number, long value) {
    return written(out -> out.writeFixed64(number, value));
  }

  static byte[] fixed32(int number, int value) {
    return written(out -> out.writeFixed32(number, value));
  }

  static byte[] group(int number, byte[] content) {
    return written(
        out -> {
          out.writeTag(number, WireFormat.WIRETYPE_START_GROUP);
          out.writeRawBytes(content);
          out.writeTag(number, WireFormat.WIRETYPE_END_GROUP);
        });
  }

  static byte[] joined(List<byte[]> fields) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    fields.forEach(all::writeBytes);
    return all.toByteArray();
  }

  static byte[] shuffled(List<byte[]> fields, Random random) {
    Collections.shuffle(fields, random);
    return joined(fields);
  }

  private WireFields() {}
}
