package io.sluice.acceptor.receive;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stops reading from a connection while its client does not take what is written to it. Answers
 * that are heads alone, such as refusals, are in no window of HTTP/2: without this, a client that
 * asks and never reads would have them pile up for as long as it asks. What is then not answered is
 * a ping, too, so that it is cut in a while. Of one connection; used by its event loop.
 */
final class ReadWhileTaken extends ChannelInboundHandlerAdapter {

  private final LongAdder paused;

  /**
   * @param paused counts how often reading was stopped
   */
  ReadWhileTaken(LongAdder paused) {
    this.paused = paused;
  }

  /** After what was read has been handled, and its answers flushed. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (!context.channel().isWritable()) {
      paused.increment();
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      context.channel().config().setAutoRead(true);
    }
    context.fireChannelWritabilityChanged();
  }
}
