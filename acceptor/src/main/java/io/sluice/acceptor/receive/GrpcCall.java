package io.sluice.acceptor.receive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An OTLP request over gRPC, from its admission to its answer: its message is not asked for before
 * there is room, so that until then it stays with the client but for one window. gRPC calls it back
 * on one thread at a time; the event loop may refuse it meanwhile. Whatever is thrown on the way is
 * answered as to be sent again.
 */
final class GrpcCall extends ServerCall.Listener<Body> implements ByteBudget.Waiter {

  /** Who opens calls and sends nothing must not hold the budget; it grows as the message comes. */
  private static final long FIRST = 2 * Reservation.OVERHEAD;

  private static final Outcome NOT_ONE =
      new Outcome.Malformed("cannot take the call: it has not exactly one message");

  private static final Outcome TOO_SLOW =
      new Outcome.Unavailable(
          1_000, "cannot take the call: its message comes too slowly (send it again)");

  private static final Outcome NOT_GRPC =
      new Outcome.Malformed("cannot take the call: what came is no gRPC message");

  private final Came came;
  private final RequestHandler requests;
  private final Patience patience;
  private final ServerCall<Body, byte[]> call;
  private final GrpcInbound inbound;
  private final @Nullable Deadline deadline;
  private Body.@Nullable Bytes body;

  @GuardedBy("this")
  private boolean answered;

  @GuardedBy("this")
  private boolean handed;

  GrpcCall(
      Came came,
      RequestHandler requests,
      Patience patience,
      ServerCall<Body, byte[]> call,
      GrpcInbound inbound,
      @Nullable Deadline deadline) {
    this.came = came;
    this.requests = requests;
    this.patience = patience;
    this.call = call;
    this.inbound = inbound;
    this.deadline = deadline;
  }

  void begin() {
    guarded(
        () -> {
          inbound.onNoRoom(() -> refused(ByteBudget.NO_ROOM));
          inbound.onTooSlow(() -> refused(TOO_SLOW));
          inbound.onClosed(this::closed);
          if (inbound.held().admit(FIRST, this)) {
            admitted();
          }
        });
  }

  @Override
  public void admitted() {
    if (inbound.held().use(Reservation.OVERHEAD)) {
      inbound.begin();
      call.request(1);
    }
  }

  /** Nothing if it is somebody else's already: the timer and the event loop may be late. */
  @Override
  public synchronized void refused(Outcome why) {
    if (!answered && !handed) {
      inbound.end();
      inbound.held().close();
      answer(requests.refuse(came, why));
    }
  }

  @Override
  public void onMessage(Body message) {
    guarded(
        () -> {
          if (body != null) {
            body = null;
            refused(NOT_ONE);
          } else if (message instanceof Body.None none) {
            refused(none.outcome());
          } else {
            body = (Body.Bytes) message;
            call.request(1); // there is none; if there is, it ends the call
          }
        });
  }

  @Override
  public void onHalfClose() {
    guarded(
        () -> {
          inbound.end();
          Body.Bytes whole = body;
          body = null;
          if (whole == null) {
            refused(NOT_ONE);
          } else if (hand()) {
            requests.handle(received(whole), this::answer);
          }
        });
  }

  @Override
  public void onCancel() {
    body = null;
    if (hand()) {
      inbound.held().close();
    }
  }

  /** Counts what grpc-java refuses by itself, when it sees how long a message says it is. */
  private synchronized void closed(Status status) {
    if (answered || handed) {
      return;
    }
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      requests.refuse(came, Body.tooLarge(requests.maxBytes()).outcome());
    } else if (status.getCode() == Status.Code.INTERNAL) {
      requests.refuse(came, NOT_GRPC);
    }
  }

  private Received received(Body.Bytes whole) {
    Arrival arrival = inbound.arrival();
    long giveUp = patience.giveUpNanos(arrival);
    if (deadline != null) {
      long since = requests.arrival().nanos() - arrival.nanos();
      long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS) + since);
      giveUp = patience.giveUpNanos(arrival, left);
    }
    return new Received(came, whole, inbound.messageEncoding(), inbound.held(), arrival, giveUp);
  }

  /** True once: what it holds of the budget is somebody else's from now on. */
  private synchronized boolean hand() {
    boolean mine = !handed && !answered;
    handed = true;
    return mine;
  }

  private synchronized void answer(Outcome outcome) {
    if (answered) {
      return;
    }
    answered = true;
    if (outcome instanceof Outcome.Stored stored) {
      call.sendHeaders(new Metadata());
      call.sendMessage(OtlpAnswers.of(stored));
      call.close(Status.OK, new Metadata());
    } else {
      GrpcAnswers.Refusal refusal = GrpcAnswers.of(outcome);
      call.close(refusal.status(), refusal.trailers());
    }
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      refused(requests.failed(came.signal(), e));
    }
  }
}
