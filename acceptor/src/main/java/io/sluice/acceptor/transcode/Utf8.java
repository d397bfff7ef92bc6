package io.sluice.acceptor.transcode;

import io.sluice.acceptor.transcode.TranscodeException.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** That a request is UTF-8, looked at once for all of it; JSON in UTF-16 and UTF-32 is not. */
final class Utf8 {

  private static final int CHARS = 8 << 10;

  static void check(byte[] bytes, int length) throws TranscodeException {
    boolean zeros = length >= 2 && (bytes[0] == 0 || bytes[1] == 0);
    if (zeros || !com.google.common.base.Utf8.isWellFormed(bytes, 0, length)) {
      throw new TranscodeException(
          Reason.MALFORMED,
          "cannot read the request: not UTF-8 at byte " + (zeros ? 0 : fault(bytes, length)));
    }
  }

  private static int fault(byte[] bytes, int length) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    CharBuffer chars = CharBuffer.allocate(CHARS);
    CoderResult result;
    do {
      chars.clear();
      result = decoder.decode(in, chars, true);
    } while (result.isOverflow());
    return in.position();
  }

  private Utf8() {}
}
