package io.sluice.acceptor.receive;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;

/**
 * What arrives on one gRPC stream, as it arrives: grpc-java gathers a whole message before it hands
 * it over, and tells nobody but a tracer how far it is. Told by the event loop, which nothing here
 * may block; the message is then read by a worker. Never by both at once: the next message is only
 * asked for when the one before is read.
 */
final class GrpcInbound extends ServerStreamTracer {

  static final Context.Key<GrpcInbound> KEY = Context.key("sluice-inbound");

  /** A piece may be one byte, but costs its buffer. */
  private static final int PIECE = 128;

  private final RequestHandler requests;
  private final Reservation held;
  private long pieces;
  private Arrival arrival;
  private Runnable noRoom = () -> {};

  GrpcInbound(RequestHandler requests) {
    this.requests = requests;
    this.held = requests.reservation();
    this.arrival = requests.arrival();
  }

  /** Makes one for each stream of ours: what others hold, nobody would give back. */
  static ServerStreamTracer.Factory factory(RequestHandler requests) {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return OtlpGrpcService.isExport(method)
            ? new GrpcInbound(requests)
            : new ServerStreamTracer() {};
      }
    };
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  /** Before anything is asked for: what to do when there is no room for more. */
  void onNoRoom(Runnable action) {
    noRoom = action;
  }

  Reservation held() {
    return held;
  }

  /** When the message at hand was whole. */
  Arrival arrival() {
    return arrival;
  }

  /** The message's bytes as they came are not in memory any more. */
  void read() {
    held.free(pieces);
    pieces = 0;
  }

  @Override
  public void inboundWireSize(long bytes) {
    long more = bytes + PIECE;
    if (held.use(more)) {
      pieces += more;
    } else {
      noRoom.run();
    }
  }

  @Override
  public void inboundMessageRead(int sequence, long wireSize, long plainSize) {
    arrival = requests.arrival();
  }
}
