package io.sluice.acceptor.decode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes protobuf bytes by hand, right or wrong. */
final class Wire {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Fields put together. */
  static byte[] of(byte[]... fields) {
    Wire wire = new Wire();
    for (byte[] field : fields) {
      wire.bytes.writeBytes(field);
    }
    return wire.bytes.toByteArray();
  }

  /** A message, bytes or string, of these fields. */
  static byte[] len(int number, byte[]... fields) {
    byte[] content = of(fields);
    Wire wire = new Wire();
    wire.put(number << 3 | ProtoReader.LEN);
    wire.put(content.length);
    wire.bytes.writeBytes(content);
    return wire.bytes.toByteArray();
  }

  static byte[] text(int number, String text) {
    return len(number, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] varint(int number, long value) {
    Wire wire = new Wire();
    wire.put(number << 3);
    wire.put(value);
    return wire.bytes.toByteArray();
  }

  static byte[] fixed64(int number, long value) {
    Wire wire = new Wire();
    wire.put(number << 3 | ProtoReader.I64);
    for (int shift = 0; shift < 64; shift += 8) {
      wire.bytes.write((int) (value >>> shift));
    }
    return wire.bytes.toByteArray();
  }

  /** Bytes as they are. */
  static byte[] raw(int... values) {
    byte[] raw = new byte[values.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) values[i];
    }
    return raw;
  }

  /** A key and a value that is these fields. */
  static byte[] keyValue(int number, String key, byte[]... value) {
    return len(number, text(1, key), len(2, value));
  }

  /** A request with one group of each kind around these records. */
  static byte[] request(byte[]... records) {
    return len(1, len(2, records));
  }

  private void put(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }
}
