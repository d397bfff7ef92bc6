package io.sluice.writer.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/** Bytes that grow; numbers are little-endian, as everywhere in Parquet. One thread uses it. */
final class ByteSink {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MOST = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[64];
  private int size;

  int size() {
    return size;
  }

  byte[] array() {
    return bytes;
  }

  /** Valid until more is put. */
  BytesInput input() {
    return BytesInput.from(bytes, 0, size);
  }

  void clear() {
    size = 0;
  }

  /** Makes room for as many bytes as will be put next. */
  void room(long more) {
    if (more > bytes.length - size) {
      grow(more);
    }
  }

  private void grow(long more) {
    long least = size + more;
    if (least > MOST) {
      throw new IllegalStateException("cannot hold a page of " + least + " bytes (at most 2 GiB)");
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(MOST, Math.max(least, 2L * bytes.length)));
  }

  void put(byte value) {
    room(1);
    bytes[size++] = value;
  }

  void putInt(int value) {
    room(Integer.BYTES);
    INT.set(bytes, size, value);
    size += Integer.BYTES;
  }

  void putLong(long value) {
    room(Long.BYTES);
    LONG.set(bytes, size, value);
    size += Long.BYTES;
  }

  /** Only the lowest bytes of a value, at most eight. */
  void putLowest(long value, int count) {
    room(Long.BYTES);
    LONG.set(bytes, size, value);
    size += count;
  }

  void put(byte[] from, int offset, int length) {
    room(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  /** A value with its length before it: plain encoding of bytes. */
  void putSized(byte[] from, int offset, int length) {
    room(length + (long) Integer.BYTES);
    INT.set(bytes, size, length);
    System.arraycopy(from, offset, bytes, size + Integer.BYTES, length);
    size += Integer.BYTES + length;
  }

  int intAt(int at) {
    return (int) INT.get(bytes, at);
  }

  void setInt(int at, int value) {
    INT.set(bytes, at, value);
  }

  void putVarInt(int value) {
    room(5);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }
}
