package io.sluice.acceptor.forward;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.sluice.schema.service.HostPort;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to one Writer. It is kept open, and tried again every half second while it is not:
 * gRPC's own back-off grows to minutes. Safe for any thread.
 */
final class WriterLink implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriterLink.class);
  private static final long RETRY_MILLIS = 500;
  private static final int MAX_ANSWER = 1 << 20;

  private final HostPort address;
  private final ManagedChannel channel;
  private final Runnable changed;
  private final ScheduledFuture<?> reconnect;
  private volatile boolean reachable;

  /**
   * Connects in the background.
   *
   * @param changed called after {@link #reachable} has changed
   */
  WriterLink(HostPort address, ScheduledExecutorService timer, Runnable changed) {
    this.address = address;
    this.changed = changed;
    this.channel =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .usePlaintext()
            .disableRetry()
            .maxInboundMessageSize(MAX_ANSWER)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .idleTimeout(365, TimeUnit.DAYS)
            .build();
    watch();
    this.reconnect =
        timer.scheduleWithFixedDelay(
            this::connect, RETRY_MILLIS, RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  ManagedChannel channel() {
    return channel;
  }

  HostPort address() {
    return address;
  }

  /** True while the connection stands. */
  boolean reachable() {
    return reachable;
  }

  @Override
  public void close() {
    reconnect.cancel(false);
    channel.shutdownNow();
  }

  private void connect() {
    if (!reachable && channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
  }

  private void watch() {
    ConnectivityState state = channel.getState(true);
    boolean now = state == ConnectivityState.READY;
    if (now != reachable) {
      reachable = now;
      LOG.info("Writer at {} is {}", address, now ? "reachable" : "not reachable: " + state);
      changed.run();
    }
    if (state != ConnectivityState.SHUTDOWN) {
      channel.notifyWhenStateChanged(state, this::watch);
    }
  }
}
