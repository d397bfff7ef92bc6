package io.sluice.acceptor.forward;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.sluice.acceptor.route.Claim;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.MalformedMessageException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to one Writer. It is kept open, and tried again every half second while it is not:
 * gRPC's own back-off grows to minutes. Safe for any thread.
 */
final class WriterLink implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriterLink.class);
  private static final long RETRY_MILLIS = 500;

  /** Tries anew after that: a host that comes back answers the next attempt, not the last one. */
  private static final int CONNECT_MILLIS = 2_000;

  private static final int MAX_ANSWER = 1 << 20;
  private static final int ASKING_SECONDS = 1;

  private final HostPort address;
  private final ManagedChannel channel;
  private final Runnable changed;
  private final ScheduledFuture<?> reconnect;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile boolean reachable;
  private final AtomicInteger losses = new AtomicInteger();

  /**
   * Connects in the background.
   *
   * @param changed called after {@link #reachable} has changed
   */
  WriterLink(
      HostPort address,
      ChannelCredentials credentials,
      ScheduledExecutorService timer,
      Runnable changed) {
    this.address = address;
    this.changed = changed;
    this.channel =
        NettyChannelBuilder.forAddress(address.host(), address.port(), credentials)
            .disableRetry()
            .maxInboundMessageSize(MAX_ANSWER)
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
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

  /** A mark of the connection that stands now, for {@link #lostSince}. */
  int losses() {
    return losses.get();
  }

  /** True if the connection does not stand any more that stood at the mark. */
  boolean lostSince(int mark) {
    return losses.get() != mark || channel.getState(false) != ConnectivityState.READY;
  }

  /** Somebody wants it now: tries at once, if it is not connected. */
  void connect() {
    if (!reachable && channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
  }

  /** Asks the Writer who leads its logs, unless it was asked and has not answered yet. */
  void ask(Consumer<Claim> claims) {
    if (reachable && asking.compareAndSet(false, true)) {
      ClientCall<byte[], byte[]> call =
          channel.newCall(
              LogsAction.DO_ACTION,
              CallOptions.DEFAULT.withDeadlineAfter(ASKING_SECONDS, TimeUnit.SECONDS));
      call.start(new Asked(claims), new Metadata());
      call.request(2);
      call.sendMessage(LogsAction.request());
      call.halfClose();
    }
  }

  @Override
  public void close() {
    reconnect.cancel(false);
    channel.shutdownNow();
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
      channel.notifyWhenStateChanged(state, () -> changed(state));
    }
  }

  /** It may be connected anew already. */
  private void changed(ConnectivityState before) {
    if (before == ConnectivityState.READY) {
      losses.incrementAndGet();
    }
    watch();
  }

  private final class Asked extends ClientCall.Listener<byte[]> {
    private final Consumer<Claim> claims;

    Asked(Consumer<Claim> claims) {
      this.claims = claims;
    }

    @Override
    public void onMessage(byte[] result) {
      try {
        LogsAction.claims(result, address).forEach(claims);
      } catch (MalformedMessageException e) {
        LOG.warn("Writer at {}: {}", address, e.getMessage());
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      asking.set(false);
      if (!status.isOk()) {
        LOG.debug("Writer at {} does not say who leads: {}", address, status);
      }
    }
  }
}
