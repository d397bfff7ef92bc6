package io.sluice.schema.port;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.sluice.schema.service.ConnectionCount;
import io.sluice.schema.service.FrameCredit;

/**
 * Closes a connection that floods, and counts one that ends without a word. Sees what TLS has
 * decrypted; used by its event loop.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {

  private final FrameCredit credit = new FrameCredit();
  private final ConnectionCount count;
  private boolean spoke;

  private FrameGuard(ConnectionCount count) {
    this.count = count;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    spoke = true;
    if (message instanceof ByteBuf bytes
        && !credit.take(bytes::getByte, bytes.readerIndex(), bytes.writerIndex())) {
      bytes.release();
      if (context.channel().isOpen()) {
        count.flooding().increment();
        var unused = context.close();
      }
      return;
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (!spoke) {
      count.silent().increment();
    }
    context.fireChannelInactive();
  }

  /** Puts one in its place once the first bytes are there: then gRPC has set up TLS, if it is. */
  static final class Placing extends ChannelInboundHandlerAdapter {
    private final ConnectionCount count;

    Placing(ConnectionCount count) {
      this.count = count;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ChannelPipeline pipeline = context.pipeline();
      ChannelHandlerContext tls = pipeline.context(SslHandler.class);
      String before = tls == null ? context.name() : tls.name();
      pipeline.addAfter(before, null, new FrameGuard(count));
      context.fireChannelRead(message);
      pipeline.remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      count.silent().increment();
      context.fireChannelInactive();
    }
  }
}
