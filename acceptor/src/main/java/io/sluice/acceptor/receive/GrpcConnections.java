package io.sluice.acceptor.receive;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.schema.service.ConnectionCount;
import io.sluice.schema.service.Telemetry;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The event loops of the gRPC server and its connections, counted and bounded: each may send a
 * window of bytes that nobody has asked for and no budget has. One beyond the most is closed as
 * soon as it is accepted; its client tries again, elsewhere if it can.
 */
final class GrpcConnections implements AutoCloseable {

  private static final long CUT_MILLIS = 2_000;

  private final ConnectionCount count;
  private final Duration taken;
  private final Map<SocketAddress, Channel> all = new ConcurrentHashMap<>();
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup accepting;
  private final EventLoopGroup serving;

  /**
   * @param taken until when a client must take what is written to it
   */
  GrpcConnections(int most, Duration taken, Telemetry telemetry) {
    this.taken = taken;
    this.count = new ConnectionCount(most, "sluice.acceptor.grpc", telemetry);
    this.accepting = loops(1, "otlp-grpc-accept");
    this.serving = loops(0, "otlp-grpc");
  }

  /** The builder with these event loops, and nothing but accepted connections on them. */
  NettyServerBuilder serve(NettyServerBuilder builder) {
    return builder
        .bossEventLoopGroup(accepting)
        .workerEventLoopGroup(serving)
        .channelFactory(this::listener);
  }

  /** Closes the connection from there, whatever is under way on it: gRPC would wait for that. */
  void cut(SocketAddress peer) {
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
  LongAdder untaken() {
    return count.untaken();
  }

  /** Does it again and again, until these are closed. */
  void every(Duration pause, Runnable task) {
    var unused =
        accepting.scheduleWithFixedDelay(
            task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private ServerChannel listener() {
    ServerChannel listener = epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    listener.pipeline().addLast(new Counting()); // before what registers connections
    return listener;
  }

  private EventLoopGroup loops(int threads, String name) {
    ThreadFactory factory = new DefaultThreadFactory(name, true);
    return new MultiThreadIoEventLoopGroup(
        threads, factory, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  @Override
  public void close() {
    for (EventLoopGroup group : new EventLoopGroup[] {accepting, serving}) {
      group
          .shutdownGracefully(0, CUT_MILLIS, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(CUT_MILLIS);
    }
  }

  /** Sees each accepted connection as a message of its listener. */
  private final class Counting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      Channel connection = (Channel) accepted;
      SocketAddress peer = connection.remoteAddress();
      if (peer == null) { // it is gone already
        connection.unsafe().closeForcibly();
        return;
      }
      if (!count.open()) {
        connection.unsafe().closeForcibly();
        return;
      }
      all.put(peer, connection);
      var unused =
          connection
              .closeFuture()
              .addListener(
                  closed -> {
                    all.remove(peer, connection);
                    count.closed();
                  });
      connection
          .pipeline()
          .addLast(new ReadWhileTaken(count, taken), new FrameGuard.Placing(count));
      context.fireChannelRead(accepted);
    }
  }
}
