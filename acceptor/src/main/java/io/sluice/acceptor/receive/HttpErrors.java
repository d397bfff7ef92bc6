package io.sluice.acceptor.receive;

import com.google.rpc.Code;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty itself refuses (not HTTP, header too large, too slow), said as a JSON Status. Failures
 * of our own side become 503: clients drop the data on 500.
 */
final class HttpErrors extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int http = response.getStatus();
    if (http >= HttpStatus.INTERNAL_SERVER_ERROR_500 || http < HttpStatus.BAD_REQUEST_400) {
      HttpAnswers.unavailable(
          response,
          new Outcome.Unavailable(1_000, "the Acceptor failed"),
          HttpAnswers.JSON,
          callback);
    } else {
      HttpAnswers.error(
          response, http, Code.INVALID_ARGUMENT, reason(request, http), HttpAnswers.JSON, callback);
    }
    return true;
  }

  private static String reason(Request request, int http) {
    Object message = request.getAttribute(ERROR_MESSAGE);
    return message == null ? HttpStatus.getMessage(http) : message.toString();
  }
}
