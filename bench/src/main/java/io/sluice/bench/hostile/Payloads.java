package io.sluice.bench.hostile;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies that become larger than they look, made once: making one costs more than sending it. */
final class Payloads {

  private static final int LIMIT = 64 << 20; // otlp.max-request-size
  private static final int PIECE = 64 << 10;
  private static final int ENVELOPES = 16; // more than the two heads of an item bomb
  private static final int LENGTH_DELIMITED_1 = 0x0a;
  private static final int LENGTH_DELIMITED_2 = 0x12;

  private Payloads() {}

  /** How it is compressed. */
  interface Compression {
    OutputStream open(OutputStream out) throws IOException;
  }

  static byte[] gzip(byte[] plain) {
    return compressed(plain, GZIPOutputStream::new);
  }

  static byte[] deflate(byte[] plain) {
    return compressed(plain, DeflaterOutputStream::new);
  }

  static byte[] zstd(byte[] plain) {
    return compressed(plain, ZstdOutputStream::new);
  }

  /** A MiB more than a request may have: it must be given up on the way. */
  static byte[] beyondLimit() {
    return new byte[LIMIT + (1 << 20)];
  }

  /**
   * As many empty spans or log records as fit below the limit; the same bytes mean both: {@code
   * resource (scope (record{}, ...))}.
   */
  static byte[] emptyRecords() {
    int records = (LIMIT - ENVELOPES) / 2 * 2;
    ByteArrayOutputStream out = new ByteArrayOutputStream(LIMIT);
    out.write(LENGTH_DELIMITED_1);
    varint(out, 1 + varintLength(records) + records);
    out.write(LENGTH_DELIMITED_2);
    varint(out, records);
    byte[] piece = new byte[PIECE];
    for (int i = 0; i < PIECE; i += 2) {
      piece[i] = LENGTH_DELIMITED_2;
    }
    for (int left = records; left > 0; left -= PIECE) {
      out.write(piece, 0, Math.min(PIECE, left));
    }
    return out.toByteArray();
  }

  /** Not a message: its first field has a wire type that there is not. */
  static byte[] malformed() {
    byte[] bytes = new byte[1_000];
    Arrays.fill(bytes, (byte) 0x0f);
    return bytes;
  }

  private static byte[] compressed(byte[] plain, Compression compression) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compression.open(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compress in memory", e);
    }
    return bytes.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int left = value;
    for (; left >= 0x80; left >>>= 7) {
      out.write((left & 0x7f) | 0x80);
    }
    out.write(left);
  }

  private static int varintLength(int value) {
    return (31 - Integer.numberOfLeadingZeros(value)) / 7 + 1;
  }
}
