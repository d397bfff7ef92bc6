package io.sluice.schema.port;

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
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of a port's servers and their connections, counted and bounded; one that nobody
 * known makes a call by is cut after a while, be it in the middle of a handshake or of denied
 * calls. The Acceptor's port has the like, of gRPC's shaded Netty.
 */
public final class FlightConnections implements AutoCloseable {

  private static final long CUT_MILLIS = 2_000;

  private final ConnectionLimits limits;
  private final ConnectionCount count;
  private final LongAdder cut;
  private final Map<SocketAddress, Channel> all = new ConcurrentHashMap<>();
  private final Map<SocketAddress, Channel> strangers = new ConcurrentHashMap<>();
  private final EventLoopGroup accepting;
  private final EventLoopGroup serving;

  /**
   * @param metrics their first words, such as {@code sluice.flight}
   * @param threads their names' first word
   */
  public FlightConnections(
      ConnectionLimits limits, String metrics, String threads, Telemetry telemetry) {
    this.limits = limits;
    this.count = new ConnectionCount(limits.most(), metrics, telemetry);
    this.cut = telemetry.counter(metrics + ".connections.cut", Attributes.empty());
    this.accepting = loops(1, threads + "-accept");
    this.serving = loops(0, threads);
  }

  /** The builder with these event loops, and nothing but accepted connections on them. */
  public NettyServerBuilder serve(NettyServerBuilder builder) {
    return builder
        .bossEventLoopGroup(accepting)
        .workerEventLoopGroup(serving)
        .channelFactory(this::listener);
  }

  /** Somebody known calls from there. */
  public void known(@Nullable SocketAddress peer) {
    if (peer != null) {
      strangers.remove(peer);
    }
  }

  /** Closes the connection from there, whatever is under way on it: gRPC would wait for that. */
  public void cut(SocketAddress peer) {
    Channel connection = all.get(peer);
    if (connection != null) {
      cut(connection);
    }
  }

  private static void cut(Channel connection) {
    ChannelHandlerContext first = connection.pipeline().firstContext();
    if (first != null) {
      var unused = first.close();
    }
  }

  /** Counts those that were closed as their clients did not take what was written to them. */
  public LongAdder untaken() {
    return count.untaken();
  }

  /** Does it again and again, until these are closed. */
  public void every(Duration pause, Runnable task) {
    var unused =
        accepting.scheduleWithFixedDelay(
            task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
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
      if (peer == null) { // it is gone already
        connection.unsafe().closeForcibly();
        return;
      }
      if (strangersLike(peer) >= limits.strangersOfAddress()) {
        count.refuse();
        connection.unsafe().closeForcibly();
        return;
      }
      if (!count.open()) {
        connection.unsafe().closeForcibly();
        return;
      }
      all.put(peer, connection);
      strangers.put(peer, connection);
      Future<?> look =
          context
              .executor()
              .schedule(
                  () -> {
                    if (strangers.remove(peer, connection)) {
                      cut.increment();
                      cut(connection);
                    }
                  },
                  limits.known().toMillis(),
                  TimeUnit.MILLISECONDS);
      var unused =
          connection
              .closeFuture()
              .addListener(
                  closed -> {
                    look.cancel(false);
                    strangers.remove(peer, connection);
                    all.remove(peer, connection);
                    count.closed();
                  });
      connection
          .pipeline()
          .addLast(new ReadWhileTaken(count, limits.taken()), new FrameGuard.Placing(count));
      context.fireChannelRead(accepted);
    }

    private long strangersLike(SocketAddress peer) {
      return peer instanceof InetSocketAddress from
          ? strangers.keySet().stream()
              .filter(
                  other ->
                      other instanceof InetSocketAddress its
                          && its.getAddress().equals(from.getAddress()))
              .count()
          : 0;
    }
  }
}
