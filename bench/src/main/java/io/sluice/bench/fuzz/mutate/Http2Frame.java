package io.sluice.bench.fuzz.mutate;

import java.io.ByteArrayOutputStream;

/** A frame of HTTP/2, and how it lies about its length. */
final class Http2Frame {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int TYPES = 12;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;

  int type;
  int flags;
  int stream;
  byte[] payload;
  int lie;

  Http2Frame(int type, int flags, int stream, byte[] payload) {
    this.type = type;
    this.flags = flags;
    this.stream = stream;
    this.payload = payload;
  }

  Http2Frame copy() {
    return new Http2Frame(type, flags, stream, payload);
  }

  /** A number as four bytes, the most significant first. */
  static byte[] number(int value) {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  void write(ByteArrayOutputStream out) {
    byte[] length = number(payload.length + lie);
    out.write(length, 1, 3);
    out.write(type);
    out.write(flags);
    out.writeBytes(number(stream));
    out.writeBytes(payload);
  }
}
