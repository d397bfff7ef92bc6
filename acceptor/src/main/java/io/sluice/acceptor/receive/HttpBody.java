package io.sluice.acceptor.receive;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads a request's body as it comes, without a thread that waits. A body that is too large is read
 * on and thrown away, up to a bound, so that the client gets to read why. Jetty calls it back on
 * one thread at a time.
 */
final class HttpBody {

  private static final int FIRST = 8 << 10;
  private static final long MAX_DISCARDED = 16L << 20;

  private final Request request;
  private final int limit;
  private byte[] array;
  private int length;
  private long discarded;

  HttpBody(Request request, int limit) {
    this.request = request;
    this.limit = limit;
    long announced = request.getLength();
    this.array = new byte[(int) Math.min(Math.max(announced, FIRST), Math.min(limit, 1 << 20))];
    if (announced > limit) {
      length = limit + 1;
      array = new byte[0];
    }
  }

  /** Reads to the end; then one of these is called, once. */
  void read(Consumer<Body> whole, Consumer<Throwable> failed) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(() -> read(whole, failed));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        failed.accept(chunk.getFailure());
        return;
      }
      take(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (last || discarded > MAX_DISCARDED) {
        whole.accept(length > limit ? Body.tooLarge(limit) : new Body.Bytes(array, length));
        return;
      }
    }
  }

  private void take(ByteBuffer bytes) {
    if (length > limit || bytes.remaining() > limit - length) {
      length = limit + 1;
      array = new byte[0];
      discarded += bytes.remaining();
      return;
    }
    if (bytes.remaining() > array.length - length) {
      long wanted = Math.max(2L * array.length, (long) length + bytes.remaining());
      array = Arrays.copyOf(array, (int) Math.min(wanted, limit));
    }
    int count = bytes.remaining();
    bytes.get(array, length, count);
    length += count;
  }
}
