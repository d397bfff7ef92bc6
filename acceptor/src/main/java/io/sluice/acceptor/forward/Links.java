package io.sluice.acceptor.forward;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ChannelCredentials;
import io.sluice.schema.service.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The connections to all Writers: to those that are configured, always; to others that were named
 * as leaders, to so many, and the one that was not asked for longest is closed for a further one.
 * Safe for any thread.
 */
final class Links implements AutoCloseable {

  /** Beside those that are configured. */
  static final int MOST_NAMED = 16;

  private final ChannelCredentials credentials;
  private final ScheduledExecutorService timer;
  private final Runnable changed;
  private final Map<HostPort, WriterLink> configured = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<HostPort, WriterLink> named = new LinkedHashMap<>(MOST_NAMED, 0.75f, true);

  @GuardedBy("this")
  private boolean closed;

  /**
   * Connects in the background.
   *
   * @param credentials by which Writers are reached
   * @param changed called after {@link #reachable} may have changed
   */
  Links(
      List<HostPort> writers,
      ChannelCredentials credentials,
      ScheduledExecutorService timer,
      Runnable changed) {
    this.credentials = credentials;
    this.timer = timer;
    this.changed = changed;
    writers.forEach(writer -> configured.computeIfAbsent(writer, w -> link(w)));
  }

  private WriterLink link(HostPort writer) {
    return new WriterLink(writer, credentials, timer, changed);
  }

  /** The link to this Writer, begun if there is none; null once all are closed. */
  synchronized @Nullable WriterLink to(HostPort writer) {
    WriterLink link = configured.get(writer);
    if (link != null || closed) {
      return closed ? null : link;
    }
    link = named.get(writer);
    if (link == null) {
      if (named.size() >= MOST_NAMED) {
        HostPort oldest = named.keySet().iterator().next();
        WriterLink closing = named.remove(oldest);
        if (closing != null) {
          closing.close();
        }
      }
      link = link(writer);
      named.put(writer, link);
    }
    return link;
  }

  /** True while there is a connection to this Writer; begins none. */
  boolean reachable(HostPort writer) {
    return all().stream().anyMatch(link -> link.address().equals(writer) && link.reachable());
  }

  /** True while there is a connection to any. */
  boolean reachable() {
    return all().stream().anyMatch(WriterLink::reachable);
  }

  /** How many of them there is a connection to. */
  int connected() {
    return (int) all().stream().filter(WriterLink::reachable).count();
  }

  /** True if there is more than one Writer to choose from. */
  boolean several() {
    return all().size() > 1;
  }

  synchronized List<WriterLink> all() {
    List<WriterLink> all = new ArrayList<>(configured.values());
    all.addAll(named.values());
    return all;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    all().forEach(WriterLink::close);
  }
}
