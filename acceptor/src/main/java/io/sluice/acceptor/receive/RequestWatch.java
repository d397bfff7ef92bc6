package io.sluice.acceptor.receive;

import java.io.IOException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests that are not answered to the last byte, tells a request's connection when its
 * head is there and when it is over, and the log of gRPC.
 */
final class RequestWatch extends Handler.Wrapper {

  private final HttpConnections connections;
  private final Hints hints;
  private final InFlight unanswered;

  RequestWatch(HttpConnections connections, Hints hints, InFlight unanswered, Handler handler) {
    super(handler);
    this.unanswered = unanswered;
    this.connections = connections;
    this.hints = hints;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    unanswered.begin();
    Request.addCompletionListener(request, failure -> unanswered.end());
    HttpEndPoint connection = HttpEndPoint.of(request);
    if (connection != null) {
      connection.begun(request.getConnectionMetaData().getHttpVersion());
      Request.addCompletionListener(
          request,
          failure -> {
            connection.ended();
            if (isGone(failure)) {
              connections.left();
            }
          });
    }
    if (OtlpHttpHandler.mediaType(request).startsWith("application/grpc")) {
      hints.say(Hints.GRPC_ON_HTTP);
    }
    return super.handle(request, response, callback);
  }

  /** Reading or writing failed: not a refusal, nor a time that was over. */
  private static boolean isGone(@Nullable Throwable failure) {
    return failure instanceof IOException || (failure != null && isGone(failure.getCause()));
  }
}
