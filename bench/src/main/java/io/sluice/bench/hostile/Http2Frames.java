package io.sluice.bench.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Bytes of HTTP/2 (RFC 9113) as a client of gRPC sends them, made by hand so that they can be sent
 * in part.
 *
 * <pre>
 * frame    length u24 | type u8 | flags u8 | stream u32 | payload
 * header   0 (literal, never indexed by us) | length, name | length, value    (RFC 7541, no Huffman)
 * </pre>
 */
final class Http2Frames {

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;
  private static final int MOST_OF_A_BYTE = 126;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Http2Frames preface() {
    out.writeBytes(PREFACE);
    return this;
  }

  /** Without a setting. */
  Http2Frames settings() {
    return frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Opens a call of this path. */
  Http2Frames call(int stream, String path, Map<String, String> more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", path);
    header(block, ":authority", "localhost");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    more.forEach((name, value) -> header(block, name, value));
    return frame(HEADERS, END_HEADERS, stream, block.toByteArray());
  }

  /** The prefix of a message of so many bytes, which do not have to follow. */
  Http2Frames messagePrefix(int stream, int length) {
    byte[] prefix = {
      0, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
    };
    return data(stream, prefix);
  }

  Http2Frames data(int stream, byte[] bytes) {
    return frame(DATA, 0, stream, bytes);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private Http2Frames frame(int type, int flags, int stream, byte[] payload) {
    int length = payload.length;
    out.write(length >>> 16);
    out.write(length >>> 8);
    out.write(length);
    out.write(type);
    out.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(stream >>> shift);
    }
    out.writeBytes(payload);
    return this;
  }

  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > MOST_OF_A_BYTE) {
      throw new IllegalArgumentException("cannot write header text: " + text + " (126 bytes)");
    }
    block.write(bytes.length);
    block.writeBytes(bytes);
  }
}
