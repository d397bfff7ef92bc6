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
    private static final byte[] NOTHING = {};

    private byte[] array;
    private int length;

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

    /** Gives the array up: it is not in memory for whoever has this, any more. */
    void release(Reservation held) {
      held.free(array.length);
      array = NOTHING;
      length = 0;
    }
  }

  /** They are not to be had, and this is to be answered. */
  record None(Outcome outcome) implements Body {}

  int FIRST_READ = 32 << 10;

  /**
   * Reads to the end, but not more than one byte beyond the limit, whatever the stream claims.
   *
   * @param held is told of each array before it is there, and of those that are given up
   */
  static Body read(InputStream in, int limit, Reservation held) {
    try {
      return read(in, limit, in instanceof KnownLength ? in.available() : FIRST_READ, held);
    } catch (IOException e) {
      return broken(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The same.
   *
   * @param guess how many bytes there may be: if so, they are not copied as they grow
   */
  static Body read(InputStream in, int limit, int guess, Reservation held) {
    byte[] array = {};
    try {
      int wanted = Math.min(Math.max(guess, 1), limit) + 1;
      int length = 0;
      while (true) {
        if (length == array.length) {
          if (!held.use(wanted)) {
            return none(ByteBudget.NO_ROOM, array, held);
          }
          array = Arrays.copyOf(array, wanted);
          held.free(length);
          wanted = (int) Math.min(2L * wanted, limit + 1L);
        }
        int read = in.read(array, length, array.length - length);
        if (read < 0) {
          return new Bytes(array, length);
        }
        length += read;
        if (length > limit) {
          return none(tooLarge(limit).outcome(), array, held);
        }
      }
    } catch (IOException e) {
      return none(broken(String.valueOf(e.getMessage())).outcome(), array, held);
    } catch (StatusRuntimeException e) {
      // what grpc-java throws inside the stream: its own size check
      None none =
          e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
              ? tooLarge(limit)
              : broken(String.valueOf(e.getStatus().getDescription()));
      return none(none.outcome(), array, held);
    }
  }

  private static None none(Outcome outcome, byte[] array, Reservation held) {
    held.free(array.length);
    return new None(outcome);
  }

  /** Not what its encoding says. */
  static None broken(String why) {
    return new None(new Outcome.Malformed("cannot decompress the request: " + why));
  }

  static None tooLarge(int limit) {
    return new None(
        new Outcome.TooLarge(
            "cannot take the request: it is larger than %d bytes (otlp.max-request-size)"
                .formatted(limit)));
  }
}
