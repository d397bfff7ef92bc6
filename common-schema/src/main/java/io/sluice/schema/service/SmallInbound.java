package io.sluice.schema.service;

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
 * What arrives on a gRPC stream that brings no records: no budget has it, so it must be small.
 * grpc-java has one bound for all methods of a server, and gathers a message before it looks at it;
 * the event loop tells a tracer of each piece that comes.
 */
public final class SmallInbound extends ServerStreamTracer {

  private static final Context.Key<SmallInbound> KEY = Context.key("sluice-small-inbound");

  private final int most;
  private long came;
  private volatile Runnable tooLarge = () -> {};

  /**
   * @param most bytes of its message, and what frames it
   */
  public SmallInbound(int most) {
    this.most = most;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void inboundWireSize(long bytes) {
    came += bytes;
    if (came > most) {
      tooLarge.run();
    }
  }

  /** Ends the calls that are too large, and lets pass the others, and those that have no tracer. */
  public static ServerInterceptor limit() {
    return new ServerInterceptor() {
      @Override
      public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
          ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        SmallInbound inbound = KEY.get();
        if (inbound == null) {
          return next.startCall(call, headers);
        }
        ClosedOnce<ReqT, RespT> once = new ClosedOnce<>(call);
        inbound.tooLarge =
            () ->
                once.close(
                    Status.RESOURCE_EXHAUSTED.withDescription(
                        "cannot take the call: its message is larger than %d bytes"
                            .formatted(inbound.most)),
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
