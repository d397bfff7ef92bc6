package io.sluice.acceptor.receive;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Export*ServiceResponse, which has the same two numbers for every signal.
 *
 * <pre>
 * partial_success = 1 { rejected_* int64 = 1, error_message string = 2 }
 * </pre>
 */
final class OtlpAnswers {

  private static final int MAX_MESSAGE = 1 << 10;
  private static final byte[] FULL_SUCCESS = {};

  /** The response's bytes: none at all for a full success. */
  static byte[] of(Outcome.Stored stored) {
    if (stored.rejected() == 0 && stored.why().isEmpty()) {
      return FULL_SUCCESS;
    }
    ByteArrayOutputStream partial = new ByteArrayOutputStream();
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(partial);
      if (stored.rejected() != 0) {
        out.writeInt64(1, stored.rejected());
      }
      out.writeString(2, clipped(stored.why()));
      out.flush();
      out = CodedOutputStream.newInstance(response);
      out.writeByteArray(1, partial.toByteArray());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    return response.toByteArray();
  }

  /** At most 1 KiB: a client need not take more than 4 MiB, and nobody reads it. */
  static String clipped(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_MESSAGE) {
      return message;
    }
    int end = MAX_MESSAGE;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + "...";
  }

  private OtlpAnswers() {}
}
