package io.sluice.acceptor.receive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows since when the head of a request has been coming: from its first byte,
 * whatever comes before it (a TLS handshake, line ends), to its last. After the first request of
 * HTTP/2 it does not look any more: what comes then may be a ping.
 */
final class HttpEndPoint extends SocketChannelEndPoint {

  private static final long NONE = Long.MIN_VALUE;

  private final LongSupplier nanoClock;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicBoolean cut = new AtomicBoolean();
  private volatile long headSince = NONE;
  private volatile boolean multiplexed;

  HttpEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      LongSupplier nanoClock) {
    super(channel, selector, key, scheduler);
    this.nanoClock = nanoClock;
  }

  /** The connection of a request; null if it is none of these. */
  static @Nullable HttpEndPoint of(Request request) {
    EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
    while (connection instanceof EndPoint.Wrapper wrapper) {
      connection = wrapper.unwrap();
    }
    return connection instanceof HttpEndPoint http ? http : null;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    int count = super.fill(buffer);
    if (count > 0 && headSince == NONE && !multiplexed && requests.get() == 0) {
      headSince = nanoClock.getAsLong();
    }
    return count;
  }

  /** A request's head is there. */
  void begun(HttpVersion version) {
    multiplexed = version == HttpVersion.HTTP_2;
    requests.incrementAndGet();
    headSince = NONE;
  }

  /** A request is over. */
  void ended() {
    requests.decrementAndGet();
  }

  /** Whether it is to be closed now: true once, as it takes a while to be gone. */
  boolean cut() {
    return cut.compareAndSet(false, true);
  }

  /** Nanoseconds; 0 if no head is coming. */
  long headLasts(long now) {
    long since = headSince;
    return since == NONE ? 0 : now - since;
  }
}
