package io.sluice.schema.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows for what it waits, and until when. It changes its phase on the thread
 * that works for it, one at a time; any thread may look.
 */
final class AdminConnection extends SocketChannelEndPoint {

  /** For what it waits. */
  enum Phase {
    /** The client's next request. */
    QUIET,
    HEAD,
    BODY,
    /** Us. */
    PAGE,
    /** The client, who reads. */
    ANSWER
  }

  /**
   * A moment of its life.
   *
   * @param since when it began to wait; a head that has begun has waited since the request before
   * @param until when it is over, if it is bounded
   */
  private record Waiting(Phase phase, long since, long until, boolean bounded) {}

  private final AdminConnections all;
  private final AdminLimits limits;
  private final AtomicBoolean cut = new AtomicBoolean();
  private volatile Waiting waiting;

  AdminConnection(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      AdminConnections all,
      AdminLimits limits) {
    super(channel, selector, key, scheduler);
    this.all = all;
    this.limits = limits;
    this.waiting = bounded(Phase.HEAD, limits.head().toNanos());
  }

  /** The connection of a request. */
  static AdminConnection of(Request request) {
    EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
    while (connection instanceof EndPoint.Wrapper wrapper) {
      connection = wrapper.unwrap();
    }
    return (AdminConnection) connection;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    all.opened(this);
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    all.closed(this);
    super.onClose(cause);
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    int count = super.fill(buffer);
    Waiting now = waiting;
    if (count > 0 && now.phase == Phase.QUIET) {
      long until = System.nanoTime() + limits.head().toNanos();
      waiting = new Waiting(Phase.HEAD, now.since, until, true);
    }
    return count;
  }

  /** A request's head is there. */
  void begun() {
    waiting = bounded(Phase.BODY, limits.body().toNanos());
  }

  /** All of a request is there. */
  void working() {
    waiting = unbounded(Phase.PAGE);
  }

  /** Its answer is known; from now on the client alone decides how long it takes. */
  void answering(int bytes) {
    waiting = bounded(Phase.ANSWER, limits.answerNanos(bytes));
  }

  /** Its answer is gone. Said before Jetty goes on to the next request. */
  void quiet() {
    waiting = unbounded(Phase.QUIET);
  }

  /** What takes too long; null if nothing does. */
  @Nullable Phase overdue(long now) {
    Waiting at = waiting;
    return at.bounded && now - at.until > 0 ? at.phase : null;
  }

  /** Nanoseconds for which its client has let us wait; negative: it does not. */
  long waits(long now) {
    Waiting at = waiting;
    return at.phase == Phase.PAGE ? -1 : now - at.since;
  }

  /** Whether it is to be closed now: true once, as it takes a while to be gone. */
  boolean cut() {
    return cut.compareAndSet(false, true);
  }

  boolean isCut() {
    return cut.get();
  }

  private static Waiting bounded(Phase phase, long patienceNanos) {
    long now = System.nanoTime();
    return new Waiting(phase, now, now + patienceNanos, true);
  }

  private static Waiting unbounded(Phase phase) {
    long now = System.nanoTime();
    return new Waiting(phase, now, now, false);
  }
}
