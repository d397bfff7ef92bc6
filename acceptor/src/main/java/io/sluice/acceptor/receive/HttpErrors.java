package io.sluice.acceptor.receive;

import com.google.rpc.Code;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty itself refuses (not HTTP, header too large, too slow), said as a Status in the
 * request's encoding where its head was read so far. Failures of our own side, and bodies that come
 * too slowly, become 503: clients drop the data on 500 and on 408.
 */
final class HttpErrors extends ErrorHandler {

  /** How Jetty's parser calls the first byte of a ClientHello. */
  private static final String FIRST_OF_TLS = "CNTL=0x16";

  private final CrossOrigin cross;

  private final RequestHandler requests;
  private final Hints hints;

  HttpErrors(CrossOrigin cross, RequestHandler requests, Hints hints) {
    this.cross = cross;
    this.requests = requests;
    this.hints = hints;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    cross.mark(request, response);
    requests.refuse(Came.Door.HTTP, null, Ledger.Head.WRONG_HTTP);
    int http = response.getStatus();
    hint(request, http);
    String type = HttpAnswers.type(OtlpHttpHandler.mediaType(request));
    boolean late = http == HttpStatus.REQUEST_TIMEOUT_408;
    if (http == HttpStatus.NOT_IMPLEMENTED_501
        || http == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505) {
      http = HttpStatus.BAD_REQUEST_400; // theirs, and the same whenever it comes again
    }
    if (http >= HttpStatus.INTERNAL_SERVER_ERROR_500 || http < HttpStatus.BAD_REQUEST_400 || late) {
      HttpAnswers.refusal(
          response,
          new Outcome.Unavailable(
              1_000, late ? "the request comes too slowly" : "the HTTP server could not answer"),
          type,
          callback);
    } else {
      HttpAnswers.error(
          response, http, Code.INVALID_ARGUMENT, reason(request, http), type, callback);
    }
    return true;
  }

  private void hint(Request request, int http) {
    if (http == HttpStatus.UPGRADE_REQUIRED_426) {
      hints.say(Hints.HTTP2_ON_HTTP);
    } else if (reason(request, http).contains(FIRST_OF_TLS)) {
      hints.say(Hints.TLS_ON_PLAIN);
    }
  }

  private static String reason(Request request, int http) {
    Object message = request.getAttribute(ERROR_MESSAGE);
    return message == null ? HttpStatus.getMessage(http) : message.toString();
  }
}
