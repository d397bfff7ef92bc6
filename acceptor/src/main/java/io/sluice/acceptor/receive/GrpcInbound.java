package io.sluice.acceptor.receive;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
  private final SlowCalls slow;
  private final Admission.Result admitted;
  private final @Nullable ContentEncoding encoding;
  private final @Nullable String encodingName;
  private final Reservation held;
  private long pieces;
  private ContentEncoding messageEncoding = ContentEncoding.IDENTITY;
  private Arrival arrival;
  private Runnable noRoom = () -> {};
  private Runnable tooSlow = () -> {};
  private Consumer<Status> closed = status -> {};
  private volatile long begunNanos;
  private volatile long came;

  /**
   * @param admitted by its headers
   * @param encoding how its message is compressed, if it is; null if that is none of ours
   * @param encodingName as the client said it
   */
  GrpcInbound(
      RequestHandler requests,
      SlowCalls slow,
      Admission.Result admitted,
      @Nullable ContentEncoding encoding,
      @Nullable String encodingName) {
    this.requests = requests;
    this.slow = slow;
    this.admitted = admitted;
    this.encoding = encoding;
    this.encodingName = encodingName;
    String tenant = admitted.tenant();
    this.held = requests.reservation(tenant == null ? Lanes.NOBODY : tenant);
    this.arrival = requests.arrival();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  /** Before anything is asked for: what to do when there is no room for more. */
  void onNoRoom(Runnable action) {
    noRoom = action;
  }

  /** Before anything is asked for: what to do when the message comes too slowly. */
  void onTooSlow(Runnable action) {
    tooSlow = action;
  }

  /** Before anything is asked for: who is told how the stream ended. */
  void onClosed(Consumer<Status> action) {
    closed = action;
  }

  /** Whose it is, or why it is not taken. */
  Admission.Result admitted() {
    return admitted;
  }

  /** How its message is compressed, if it is; null if that is none of ours. */
  @Nullable ContentEncoding encoding() {
    return encoding;
  }

  @Nullable String encodingName() {
    return encodingName;
  }

  Reservation held() {
    return held;
  }

  /** When the message at hand was whole. */
  Arrival arrival() {
    return arrival;
  }

  /** The message is asked for. */
  void begin() {
    slow.begin(this);
  }

  /** Nothing more is waited for. */
  void end() {
    slow.end(this);
  }

  /** The message leaves its pieces now, as it is read. */
  void read(boolean compressed) {
    held.free(pieces);
    pieces = 0;
    messageEncoding = compressed && encoding != null ? encoding : ContentEncoding.IDENTITY;
  }

  /** How the message that was read is compressed. */
  ContentEncoding messageEncoding() {
    return messageEncoding;
  }

  void begun(long nanos) {
    begunNanos = nanos;
  }

  long begunNanos() {
    return begunNanos;
  }

  /** Bytes of the message that came so far. */
  long came() {
    return came;
  }

  void tooSlow() {
    tooSlow.run();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // the event loop alone writes it
  public void inboundWireSize(long bytes) {
    came += bytes;
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

  @Override
  public void streamClosed(Status status) {
    end();
    closed.accept(status);
  }
}
