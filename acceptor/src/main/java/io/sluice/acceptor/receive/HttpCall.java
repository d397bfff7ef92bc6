package io.sluice.acceptor.receive;

import io.sluice.schema.wire.BatchId;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An OTLP request over HTTP, from its admission to its answer: nothing of its body is read before
 * there is room for it. Whatever is thrown on the way is answered as to be sent again.
 */
final class HttpCall implements ByteBudget.Waiter {

  private static final long MAX_READ_FOR_NOTHING = 1 << 20;

  private final Came came;
  private final BatchId.Encoding format;
  private final ContentEncoding encoding;
  private final RequestHandler requests;
  private final ReceiveLimits limits;
  private final Executor workers;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Reservation held;
  private final HttpBody body;
  private final AtomicBoolean answered = new AtomicBoolean();

  HttpCall(
      Came came,
      BatchId.Encoding format,
      ContentEncoding encoding,
      RequestHandler requests,
      ReceiveLimits limits,
      Executor workers,
      BodyPace pace,
      Request request,
      Response response,
      Callback callback) {
    this.came = came;
    this.format = format;
    this.encoding = encoding;
    this.requests = requests;
    this.limits = limits;
    this.workers = workers;
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.held = requests.reservation(came.tenant());
    this.body = new HttpBody(request, limits.maxRequestBytes(), held, pace);
  }

  void begin() {
    guarded(
        () -> {
          if (request.getLength() > limits.maxRequestBytes()) {
            refuseUnread(Body.tooLarge(limits.maxRequestBytes()).outcome());
          } else if (held.admit(Reservation.OVERHEAD + body.expected(), this)) {
            read();
          }
        });
  }

  @Override
  public void admitted() {
    try {
      workers.execute(() -> guarded(this::read));
    } catch (RejectedExecutionException e) {
      refused(ByteBudget.STOPPED);
    }
  }

  @Override
  public void refused(Outcome why) {
    guarded(() -> refuseUnread(why));
  }

  private void read() {
    if (held.use(Reservation.OVERHEAD)) {
      body.read(read -> guarded(() -> received(read)));
    } else {
      refuseUnread(ByteBudget.NO_ROOM);
    }
  }

  private void received(HttpBody.Result read) {
    switch (read) {
      case WHOLE -> {
        Arrival arrival = requests.arrival();
        long giveUp = new Patience(limits.httpPatience()).giveUpNanos(arrival);
        requests.handleLater(
            new Received(came, format, body.bytes(), encoding, held, arrival, giveUp),
            this::answer);
      }
      case TOO_LARGE -> refuseUnread(Body.tooLarge(limits.maxRequestBytes()).outcome());
      case NO_ROOM -> refuseUnread(ByteBudget.NO_ROOM);
      case TOO_SLOW -> {
        held.close();
        close();
        String why = "cannot take the request: its body comes too slowly";
        answer(requests.refuse(came, new Outcome.Unavailable(1_000, why)));
      }
      case BROKEN -> {
        held.close();
        close();
        answer(requests.refuse(came, broken(body.failure())));
      }
    }
  }

  /**
   * Told by ourselves: Jetty, which may be failing the same request, is not safe to be told of it.
   */
  private static Outcome broken(Throwable failure) {
    return failure instanceof HttpException bad
        ? new Outcome.Malformed("cannot read the request's body: " + bad.getReason())
        : new Outcome.Unavailable(1_000, "cannot read the request's body: it did not end");
  }

  /** A short rest of the body is read first, so that the connection can stay. */
  private void refuseUnread(Outcome why) {
    held.close();
    Outcome told = requests.refuse(came, why);
    long announced = request.getLength();
    if (announced >= 0 && announced <= MAX_READ_FOR_NOTHING) {
      body.discard(Callback.from(() -> answer(told), callback::failed));
    } else if (answered.compareAndSet(false, true)) {
      close();
      Callback discard = Callback.from(() -> body.discard(callback), callback::failed);
      send(told, discard);
    }
  }

  private void answer(Outcome outcome) {
    if (answered.compareAndSet(false, true)) {
      send(outcome, callback);
    }
  }

  private void send(Outcome outcome, Callback sent) {
    HttpAnswers.send(response, requests.retryAfter().spread(outcome), came.signal(), format, sent);
  }

  private void close() {
    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      held.close();
      answer(requests.refuse(came, requests.failed(came.signal(), e)));
    }
  }
}
