package io.sluice.acceptor.receive;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * HTTP's {@code deflate} from a whole body, and nothing after it: zlib's format (RFC 1950), as RFC
 * 9110 has it, or the bare stream (RFC 1951) that some clients send under that name.
 *
 * <pre>
 * zlib: x8 (method 8, window) | flags u8, the two as u16 big-endian divisible by 31 | deflate | adler32
 * </pre>
 *
 * A bare stream cannot begin like that: it would be a stored block whose padding is not zero.
 */
final class DeflateReader extends InputStream {

  private static final int METHOD_MASK = 0x0f;
  private static final int DEFLATE = 8;
  private static final int CHECK = 31;

  private final Inflater inflater;

  DeflateReader(byte[] body, int length) {
    inflater = new Inflater(!isZlib(body, length));
    inflater.setInput(body, 0, length);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0; // the inflater would say the same of an end
    }
    try {
      int count = inflater.inflate(bytes, offset, length);
      if (count > 0) {
        return count;
      }
      if (!inflater.finished()) {
        throw new IOException(
            inflater.needsDictionary()
                ? "deflate with a dictionary"
                : "deflate ends in the middle");
      }
      if (inflater.getRemaining() > 0) {
        throw new IOException("%d bytes after deflate".formatted(inflater.getRemaining()));
      }
      return -1;
    } catch (DataFormatException e) {
      throw new IOException("not deflate: " + e.getMessage(), e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private static boolean isZlib(byte[] body, int length) {
    if (length < 2) {
      return false;
    }
    int method = body[0] & 0xff;
    return (method & METHOD_MASK) == DEFLATE && ((method << 8) | (body[1] & 0xff)) % CHECK == 0;
  }
}
