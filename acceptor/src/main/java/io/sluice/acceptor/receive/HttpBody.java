package io.sluice.acceptor.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body as it comes, without a thread that waits. Jetty calls it back on one
 * thread at a time; its {@link BodyPace} only fails the request.
 */
final class HttpBody {

  /** How reading ended. */
  enum Result {
    WHOLE,
    TOO_LARGE,
    TOO_SLOW,
    NO_ROOM,
    BROKEN
  }

  /** What a body has at first, whatever its header announces: then it grows as it comes. */
  static final int FIRST = 8 << 10;

  private static final int GROWS_FAST_TO = 1 << 20;
  private static final long MAX_DISCARDED = 256L << 20;

  private final Request request;
  private final int limit;
  private final Reservation held;
  private final BodyPace pace;
  private byte[] array = new byte[0];
  private int length;
  private long discarded;
  private @Nullable Throwable failure;

  HttpBody(Request request, int limit, Reservation held, BodyPace pace) {
    this.request = request;
    this.limit = limit;
    this.held = held;
    this.pace = pace;
  }

  /** Reads to the end, or to where it is known to be too large; then tells, once. */
  void read(Consumer<Result> end) {
    pace.begin(request);
    if (!enlarge(expected())) {
      end.accept(Result.NO_ROOM);
      return;
    }
    readOn(end);
  }

  private void readOn(Consumer<Result> end) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(() -> readAgain(end));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        pace.end();
        failure = chunk.getFailure();
        end.accept(failure instanceof TimeoutException ? Result.TOO_SLOW : Result.BROKEN);
        return;
      }
      Result refused = take(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (refused != null) {
        end.accept(refused);
        return;
      }
      if (last) {
        pace.end();
        end.accept(Result.WHOLE);
        return;
      }
    }
  }

  /** Called by Jetty, which knows nothing of what the request holds. */
  private void readAgain(Consumer<Result> end) {
    try {
      readOn(end);
    } catch (Throwable e) {
      pace.end();
      failure = e;
      end.accept(Result.BROKEN);
    }
  }

  /** All of it, after {@link Result#WHOLE}, given away. */
  Body.Bytes bytes() {
    Body.Bytes bytes = new Body.Bytes(array, length);
    array = new byte[0];
    return bytes;
  }

  /**
   * What to reserve before it is read: a client that announces much and sends little must not keep
   * the room of others.
   */
  int expected() {
    long announced = request.getLength();
    return announced < 0 ? FIRST : (int) Math.min(announced, FIRST);
  }

  /** Why, after {@link Result#BROKEN}. */
  Throwable failure() {
    return failure == null ? new IOException("the body did not end") : failure;
  }

  /**
   * Reads on and throws away, up to a bound: a client that is still sending when its connection is
   * reset never reads the answer.
   */
  void discard(Callback end) {
    array = new byte[0];
    pace.unwanted(request);
    discardOn(end);
  }

  private void discardOn(Callback end) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(() -> discardOn(end));
        return;
      }
      boolean last = chunk.isLast() || Content.Chunk.isFailure(chunk);
      discarded += chunk.getByteBuffer().remaining();
      pace.came(chunk.getByteBuffer().remaining());
      chunk.release();
      if (last || discarded > MAX_DISCARDED) {
        pace.end();
        end.succeeded();
        return;
      }
    }
  }

  private @Nullable Result take(ByteBuffer bytes) {
    int count = bytes.remaining();
    pace.came(count);
    if (count > limit - length) {
      return Result.TOO_LARGE;
    }
    if (count > array.length - length && !enlarge(wanted((long) length + count))) {
      return Result.NO_ROOM;
    }
    bytes.get(array, length, count);
    length += count;
    return null;
  }

  /** Eight times, then twice, what has come; not more than was announced. */
  private int wanted(long least) {
    long grown = length < GROWS_FAST_TO / 8 ? 8L * array.length : 2L * array.length;
    long most = request.getLength() < 0 ? limit : Math.min(request.getLength(), limit);
    return (int) Math.max(least, Math.min(grown, most));
  }

  private boolean enlarge(int size) {
    if (!held.use(size)) {
      return false;
    }
    int before = array.length;
    array = Arrays.copyOf(array, size);
    held.free(before);
    return true;
  }
}
