package io.sluice.acceptor.receive;

import io.grpc.Context;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What arrives on a stream of a service that is not OTLP (health): no budget has it, so it must be
 * small. Told by the event loop.
 */
final class SmallInbound extends ServerStreamTracer {

  /** More than any name of a service. */
  static final int MOST = 4 << 10;

  private static final Context.Key<SmallInbound> KEY = Context.key("sluice-small-inbound");

  private long came;
  private Runnable tooLarge = () -> {};

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void inboundWireSize(long bytes) {
    came += bytes;
    if (came > MOST) {
      tooLarge.run();
    }
  }

  /** Ends the calls that are too large, and lets the others pass. */
  static ServerInterceptor limit() {
    return new ServerInterceptor() {
      @Override
      public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
          ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        ClosedOnce<ReqT, RespT> once = new ClosedOnce<>(call);
        KEY.get().tooLarge =
            () ->
                once.close(
                    Status.RESOURCE_EXHAUSTED.withDescription(
                        "cannot take the call: its message is larger than %d bytes"
                            .formatted(MOST)),
                    new Metadata());
        return next.startCall(once, headers);
      }
    };
  }

  /** Closed by the event loop or by the service, by whoever is first. */
  private static final class ClosedOnce<ReqT, RespT>
      extends ForwardingServerCall.SimpleForwardingServerCall<ReqT, RespT> {
    private final AtomicBoolean closed = new AtomicBoolean();

    ClosedOnce(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (closed.compareAndSet(false, true)) {
        super.close(status, trailers);
      }
    }
  }
}
