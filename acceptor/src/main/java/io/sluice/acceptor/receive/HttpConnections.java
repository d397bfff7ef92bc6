package io.sluice.acceptor.receive;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of OTLP/HTTP: not more than so many, and none that is as long as it likes in
 * telling what it wants. Safe for any thread.
 *
 * <pre>
 * sluice.acceptor.http.connections            open now
 * sluice.acceptor.http.connections.refused    closed at once: there were enough
 * sluice.acceptor.http.slow                   closed, the head or the body of a request came too
 *                                             slowly, by part
 * sluice.acceptor.http.left                   requests whose client was gone before its answer
 * </pre>
 */
final class HttpConnections implements SelectorManager.AcceptListener {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnections.class);

  private final int most;
  private final long headNanos;
  private final LongSupplier nanoClock;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder refused;
  private final LongAdder slowHeads;
  private final LongAdder slowBodies;
  private final LongAdder left;
  private volatile boolean full;

  HttpConnections(HttpEdge edge, Telemetry telemetry, LongSupplier nanoClock) {
    this.most = edge.maxConnections();
    this.headNanos = edge.head().toNanos();
    this.nanoClock = nanoClock;
    telemetry.gauge("sluice.acceptor.http.connections", Attributes.empty(), open::get);
    refused = telemetry.counter("sluice.acceptor.http.connections.refused", Attributes.empty());
    slowHeads = slow(telemetry, "head");
    slowBodies = slow(telemetry, "body");
    left = telemetry.counter("sluice.acceptor.http.left", Attributes.empty());
  }

  private static LongAdder slow(Telemetry telemetry, String part) {
    return telemetry.counter(
        "sluice.acceptor.http.slow", Attributes.builder().put("part", part).build());
  }

  int open() {
    return open.get();
  }

  /** A body was too slow; its request is answered as to be sent again. */
  void slowBody() {
    slowBodies.increment();
  }

  /** A request's client does not hear its answer. */
  void left() {
    left.increment();
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    if (open.incrementAndGet() > most) {
      refused.increment();
      if (!full) {
        full = true;
        LOG.warn("no more than {} HTTP connections are taken (otlp.http.max-connections)", most);
      }
      IO.close(channel);
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    open.decrementAndGet();
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    if (open.decrementAndGet() < most - most / 10) {
      full = false; // the next time is worth a line again
    }
  }

  /** Closes it if the head of a request has been coming for too long. */
  void look(EndPoint connection) {
    if (connection instanceof HttpEndPoint http
        && http.headLasts(nanoClock.getAsLong()) > headNanos
        && http.cut()) {
      slowHeads.increment();
      http.close(new TimeoutException("the head of a request comes too slowly"));
    }
  }
}
