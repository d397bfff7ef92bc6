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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of the gRPC server and its connections, counted and bounded: each may send a
 * window of bytes that nobody has asked for and no budget has. One beyond the most is closed as
 * soon as it is accepted; its client tries again, elsewhere if it can.
 */
final class GrpcConnections implements AutoCloseable {

  private static final long CUT_MILLIS = 2_000;

  private final ConnectionCount count;
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup accepting;
  private final EventLoopGroup serving;

  GrpcConnections(int most, Telemetry telemetry) {
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
      if (!count.open()) {
        connection.unsafe().closeForcibly();
        return;
      }
      var unused = connection.closeFuture().addListener(closed -> count.closed());
      context.fireChannelRead(accepted);
    }
  }
}
