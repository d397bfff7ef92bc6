package io.sluice.query.flightsql;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.ConnectionCount;
import io.sluice.schema.service.Telemetry;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint's event loops and connections, counted and bounded; one that nobody known makes a
 * call by is cut after a while. A Writer's Flight port has the like, and more of it.
 */
final class SqlConnections implements AutoCloseable {

  private static final Duration KNOWN = Duration.ofSeconds(30);
  private static final long CUT_MILLIS = 2_000;

  private final ConnectionCount count;
  private final LongAdder cut;
  private final Map<SocketAddress, Channel> strangers = new ConcurrentHashMap<>();
  private final EventLoopGroup accepting = loops(1, "flight-sql-accept");
  private final EventLoopGroup serving = loops(0, "flight-sql");

  SqlConnections(int most, Telemetry telemetry) {
    this.count = new ConnectionCount(most, "sluice.flightsql", telemetry);
    this.cut =
        telemetry.counter(
            "sluice.flightsql.connections.cut",
            "{connection}",
            "connections closed as nobody that is known made a call by them in time",
            Attributes.empty());
  }

  /** The builder with these event loops, and nothing but accepted connections on them. */
  NettyServerBuilder serve(NettyServerBuilder builder) {
    return builder
        .bossEventLoopGroup(accepting)
        .workerEventLoopGroup(serving)
        .channelFactory(this::listener);
  }

  /** Somebody known calls from there. */
  void known(@Nullable SocketAddress peer) {
    if (peer != null) {
      strangers.remove(peer);
    }
  }

  private ServerChannel listener() {
    ServerChannel listener = new NioServerSocketChannel();
    listener.pipeline().addLast(new Counting()); // before what registers connections
    return listener;
  }

  private static EventLoopGroup loops(int threads, String name) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }

  @Override
  public void close() {
    for (EventLoopGroup group : new EventLoopGroup[] {accepting, serving}) {
      group
          .shutdownGracefully(0, CUT_MILLIS, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(CUT_MILLIS);
    }
  }

  /** Sees each accepted connection as a message of its listener, on the accepting thread. */
  private final class Counting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      Channel connection = (Channel) accepted;
      SocketAddress peer = connection.remoteAddress();
      if (peer == null || !count.open()) { // it is gone already, or one too many
        connection.unsafe().closeForcibly();
        return;
      }
      strangers.put(peer, connection);
      Future<?> look =
          context
              .executor()
              .schedule(() -> cut(peer, connection), KNOWN.toMillis(), TimeUnit.MILLISECONDS);
      var unused =
          connection
              .closeFuture()
              .addListener(
                  closed -> {
                    look.cancel(false);
                    strangers.remove(peer, connection);
                    count.closed();
                  });
      context.fireChannelRead(accepted);
    }

    private void cut(SocketAddress peer, Channel connection) {
      if (strangers.remove(peer, connection)) {
        cut.increment();
        ChannelHandlerContext first = connection.pipeline().firstContext();
        if (first != null) {
          var unused = first.close();
        }
      }
    }
  }
}
