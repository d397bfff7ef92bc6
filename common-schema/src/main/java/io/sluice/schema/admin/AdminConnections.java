package io.sluice.schema.admin;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import java.nio.channels.SelectableChannel;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of an admin port. When there are too many, the one whose client lets us wait for
 * longest is closed for the newest, so that many who are slow do not keep probes out. Safe for any
 * thread.
 *
 * <pre>
 * sluice.admin.connections           open now
 * sluice.admin.connections.closed    there were enough: the one that waited for longest, or the
 *                                    newest where all were being answered, by which
 * sluice.admin.slow                  closed, the client was too slow in sending a head or a body,
 *                                    or in reading an answer, by part
 * </pre>
 */
final class AdminConnections implements SelectorManager.AcceptListener {

  private static final Logger LOG = LoggerFactory.getLogger(AdminConnections.class);

  /** Accepted and not opened yet, or closed and not gone. */
  private static final int ON_THE_WAY = 512;

  private final AdminLimits limits;
  private final Telemetry telemetry;
  private final Set<AdminConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  AdminConnections(AdminLimits limits, Telemetry telemetry) {
    this.limits = limits;
    this.telemetry = telemetry;
    telemetry.gauge("sluice.admin.connections", Attributes.empty(), open::size);
  }

  void opened(AdminConnection connection) {
    open.add(connection);
    if (open.size() <= limits.connections()) {
      return;
    }
    AdminConnection longest = longest();
    while (longest != null && !longest.cut()) {
      longest = longest(); // somebody else closed that one, for another
    }
    if (longest != null) {
      close(longest, longest == connection ? "newest" : "longest");
    }
  }

  void closed(AdminConnection connection) {
    open.remove(connection);
  }

  /** Beyond, they come faster than they are opened. */
  @Override
  public void onAccepting(SelectableChannel channel) {
    if (accepted.incrementAndGet() > limits.connections() + ON_THE_WAY) {
      count("newest");
      IO.close(channel);
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    accepted.decrementAndGet();
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    accepted.decrementAndGet();
  }

  /** Closes those that take too long. Goes on whatever happens: nobody else does it. */
  void look() {
    try {
      closeSlow();
    } catch (RuntimeException e) {
      LOG.error("cannot look after the admin port's connections", e);
    }
  }

  private void closeSlow() {
    long now = System.nanoTime();
    for (AdminConnection connection : open) {
      AdminConnection.Phase overdue = connection.overdue(now);
      if (overdue != null && connection.cut()) {
        String part = overdue.name().toLowerCase(Locale.ROOT);
        telemetry
            .counter("sluice.admin.slow", Attributes.builder().put("part", part).build())
            .increment();
        connection.close(new TimeoutException("the client is too slow: " + part));
      }
    }
  }

  /** The newest lets us wait for nothing yet, so that there is one. */
  private @Nullable AdminConnection longest() {
    long now = System.nanoTime();
    return open.stream()
        .filter(connection -> !connection.isCut() && connection.waits(now) >= 0)
        .max(Comparator.comparingLong(connection -> connection.waits(now)))
        .orElse(null);
  }

  private void close(AdminConnection connection, String which) {
    count(which);
    connection.close(new TimeoutException("there are too many connections"));
  }

  private void count(String which) {
    telemetry
        .counter(
            "sluice.admin.connections.closed", Attributes.builder().put("which", which).build())
        .increment();
  }
}
