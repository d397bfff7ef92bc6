package io.sluice.schema.port;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sluice.schema.service.ConnectionCount;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops reading from a connection while its client does not take what is written to it, and closes
 * it if that lasts. Answers that are heads alone, such as refusals, are in no window of HTTP/2:
 * without this, a client that asks and never reads would have them pile up for as long as it asks.
 * Of one connection; used by its event loop.
 */
final class ReadWhileTaken extends ChannelInboundHandlerAdapter {

  private final ConnectionCount count;
  private final Duration patience;
  private @Nullable Future<?> end;

  /**
   * @param patience for how long a client may take nothing
   */
  ReadWhileTaken(ConnectionCount count, Duration patience) {
    this.count = count;
    this.patience = patience;
  }

  /** After what was read has been handled, and its answers flushed. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (!context.channel().isWritable() && end == null) {
      count.paused().increment();
      context.channel().config().setAutoRead(false);
      end =
          context
              .executor()
              .schedule(() -> cut(context), patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** From here nothing waits for what is to be written first. */
  private void cut(ChannelHandlerContext context) {
    count.untaken().increment();
    var unused = context.close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      goOn();
      context.channel().config().setAutoRead(true);
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    goOn();
    context.fireChannelInactive();
  }

  private void goOn() {
    if (end != null) {
      end.cancel(false);
      end = null;
    }
  }
}
