package io.sluice.acceptor.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body as it comes, without a thread that waits. Jetty calls it back on one
 * thread at a time; the timer only fails the request.
 */
final class HttpBody {

  /** How reading ended. */
  enum Result {
    WHOLE,
    TOO_LARGE,
    TOO_SLOW,
    BROKEN
  }

  private static final int FIRST = 8 << 10;
  private static final int MOST_AT_FIRST = 1 << 20; // whatever its header announces
  private static final long MAX_DISCARDED = 256L << 20;
  private static final long MAX_SECONDS = 60;

  private final Request request;
  private final int limit;
  private final ScheduledFuture<?> timeout;
  private byte[] array;
  private int length;
  private long discarded;
  private @Nullable Throwable failure;

  HttpBody(Request request, int limit, ScheduledExecutorService timer) {
    this.request = request;
    this.limit = limit;
    long announced = Math.min(request.getLength(), limit);
    this.array = new byte[(int) Math.min(Math.max(announced, FIRST), MOST_AT_FIRST)];
    this.timeout =
        timer.schedule(
            () -> request.fail(new TimeoutException("body not read in time")),
            MAX_SECONDS,
            TimeUnit.SECONDS);
  }

  /** Reads to the end, or to where it is known to be too large; then tells, once. */
  void read(Consumer<Result> end) {
    if (request.getLength() > limit) {
      end.accept(Result.TOO_LARGE);
      return;
    }
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(() -> read(end));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        timeout.cancel(false);
        failure = chunk.getFailure();
        end.accept(failure instanceof TimeoutException ? Result.TOO_SLOW : Result.BROKEN);
        return;
      }
      boolean taken = take(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (!taken) {
        end.accept(Result.TOO_LARGE);
        return;
      }
      if (last) {
        timeout.cancel(false);
        end.accept(Result.WHOLE);
        return;
      }
    }
  }

  /** All of it, after {@link Result#WHOLE}. */
  Body.Bytes bytes() {
    return new Body.Bytes(array, length);
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
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(() -> discard(end));
        return;
      }
      boolean last = chunk.isLast() || Content.Chunk.isFailure(chunk);
      discarded += chunk.getByteBuffer().remaining();
      chunk.release();
      if (last || discarded > MAX_DISCARDED) {
        timeout.cancel(false);
        end.succeeded();
        return;
      }
    }
  }

  private boolean take(ByteBuffer bytes) {
    int count = bytes.remaining();
    if (count > limit - length) {
      return false;
    }
    if (count > array.length - length) {
      long wanted = Math.max(2L * array.length, (long) length + count);
      array = Arrays.copyOf(array, (int) Math.min(wanted, limit));
    }
    bytes.get(array, length, count);
    length += count;
    return true;
  }
}
