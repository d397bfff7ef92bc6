package io.sluice.acceptor.receive;

import io.grpc.KnownLength;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A request's bytes as they were read, or why they could not be; never an exception. */
sealed interface Body {

  /** All of them, in the array from 0 to length. */
  final class Bytes implements Body {
    private final byte[] array;
    private final int length;

    Bytes(byte[] array, int length) {
      this.array = array;
      this.length = length;
    }

    byte[] array() {
      return array;
    }

    int length() {
      return length;
    }
  }

  record TooLarge(String why) implements Body {}

  /** Not what its encoding says. */
  record Broken(String why) implements Body {}

  int FIRST_READ = 32 << 10;

  /** Reads to the end, but not more than one byte beyond the limit, whatever the stream claims. */
  static Body read(InputStream in, int limit) {
    try {
      int guess = in instanceof KnownLength ? in.available() : FIRST_READ;
      byte[] array = new byte[Math.min(Math.max(guess, 1), limit) + 1];
      int length = 0;
      while (true) {
        int read = in.read(array, length, array.length - length);
        if (read < 0) {
          return new Bytes(array, length);
        }
        length += read;
        if (length > limit) {
          return tooLarge(limit);
        }
        if (length == array.length) {
          array = Arrays.copyOf(array, (int) Math.min(2L * length, limit + 1L));
        }
      }
    } catch (IOException e) {
      return new Broken("cannot decompress the request: " + e.getMessage());
    } catch (StatusRuntimeException e) {
      // what grpc-java throws inside the stream: its own size check, or a broken gzip member
      return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
          ? tooLarge(limit)
          : new Broken("cannot decompress the request: " + e.getStatus().getDescription());
    } catch (RuntimeException e) {
      return new Broken("cannot read the request: " + e);
    }
  }

  static TooLarge tooLarge(int limit) {
    return new TooLarge(
        "cannot take the request: it is larger than %d bytes (otlp.max-request-size)"
            .formatted(limit));
  }
}
