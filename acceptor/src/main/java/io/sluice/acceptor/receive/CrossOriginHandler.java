package io.sluice.acceptor.receive;

import com.google.rpc.Code;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers preflights, on any path and before anything is judged, and marks all other answers. Not
 * Jetty's: that one answers 200, tells any origin that it may send credentials, and leaves the
 * answers of the error handler unmarked, which a browser then hides from the page.
 */
final class CrossOriginHandler extends Handler.Wrapper {

  private final CrossOrigin cross;
  private final RequestHandler requests;

  CrossOriginHandler(CrossOrigin cross, RequestHandler requests, Handler handler) {
    super(handler);
    this.cross = cross;
    this.requests = requests;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null || !isPreflight(request)) {
      cross.mark(request, response);
      return super.handle(request, response, callback);
    }
    if (cross.allows(origin)) {
      cross.markPreflight(request, response);
      response.setStatus(HttpStatus.NO_CONTENT_204);
      callback.succeeded();
    } else {
      requests.refuse(Came.Door.HTTP, null, Ledger.Head.WRONG_ORIGIN);
      HttpAnswers.error(
          response,
          HttpStatus.FORBIDDEN_403,
          Code.PERMISSION_DENIED,
          "cannot take requests of %s: it is not in otlp.http.cors.allowed-origins"
              .formatted(origin),
          HttpAnswers.JSON,
          callback);
    }
    return true;
  }

  private static boolean isPreflight(Request request) {
    return HttpMethod.OPTIONS.is(request.getMethod())
        && request.getHeaders().contains(HttpHeader.ACCESS_CONTROL_REQUEST_METHOD);
  }
}
