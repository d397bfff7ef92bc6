package io.sluice.acceptor.receive;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Listens, and makes of each connection an {@link HttpEndPoint}. */
final class HttpConnector extends ServerConnector {

  private final LongSupplier nanoClock;

  HttpConnector(
      Server server,
      HttpConnections connections,
      LongSupplier nanoClock,
      ConnectionFactory... protocols) {
    super(server, 1, 1, protocols);
    this.nanoClock = nanoClock;
    addBean(connections);
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    HttpEndPoint endPoint = new HttpEndPoint(channel, selector, key, getScheduler(), nanoClock);
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }
}
