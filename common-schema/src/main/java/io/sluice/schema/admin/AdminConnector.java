package io.sluice.schema.admin;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Listens on one address, and makes of each connection an {@link AdminConnection}. */
final class AdminConnector extends ServerConnector {

  private static final int MAX_HEADER = 16 << 10;
  private static final int BACKLOG = 256;

  /** Pages take paths as they were sent, part by part; a malformed {@code %} is refused here. */
  private static final UriCompliance URIS =
      UriCompliance.DEFAULT.with(
          "admin",
          Violation.AMBIGUOUS_PATH_SEGMENT,
          Violation.AMBIGUOUS_EMPTY_SEGMENT,
          Violation.AMBIGUOUS_PATH_SEPARATOR,
          Violation.AMBIGUOUS_PATH_PARAMETER,
          Violation.AMBIGUOUS_PATH_ENCODING,
          Violation.BAD_UTF8_ENCODING,
          Violation.TRUNCATED_UTF8_ENCODING,
          Violation.UTF16_ENCODINGS,
          Violation.SUSPICIOUS_PATH_CHARACTERS);

  private final AdminConnections connections;
  private final AdminLimits limits;

  AdminConnector(
      Server server,
      AdminConnections connections,
      AdminLimits limits,
      SslContextFactory.@Nullable Server tls) {
    super(server, 1, 1, protocols(tls));
    this.connections = connections;
    this.limits = limits;
    setIdleTimeout(limits.idle().toMillis());
    setAcceptQueueSize(BACKLOG);
    addBean(connections);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    AdminConnection connection =
        new AdminConnection(channel, selector, key, getScheduler(), connections, limits);
    connection.setIdleTimeout(getIdleTimeout());
    return connection;
  }

  private static ConnectionFactory[] protocols(SslContextFactory.@Nullable Server tls) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    configuration.setRequestHeaderSize(MAX_HEADER);
    configuration.setUriCompliance(URIS);
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    return tls == null
        ? new ConnectionFactory[] {http}
        : new ConnectionFactory[] {new SslConnectionFactory(tls, http.getProtocol()), http};
  }
}
