package io.sluice.acceptor.receive;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.sluice.schema.security.Access;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.BatchId;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An outcome as an HTTP response. Every body of an error is a google.rpc.Status, in the request's
 * encoding, or in JSON where that is none we speak. The media type has no parameters: there are
 * clients that compare it with their own.
 */
final class HttpAnswers {

  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  /** In which of the two a request of this media type is answered. */
  static String type(String mediaType) {
    return mediaType.equals(PROTOBUF) ? PROTOBUF : JSON;
  }

  /** Answers in the format that the request had. */
  static void send(
      Response response,
      Outcome outcome,
      Signal signal,
      BatchId.Encoding format,
      Callback callback) {
    String type = format == BatchId.Encoding.JSON ? JSON : PROTOBUF;
    if (outcome instanceof Outcome.Stored stored) {
      byte[] body =
          format == BatchId.Encoding.JSON ? JsonAnswers.of(stored, signal) : OtlpAnswers.of(stored);
      body(response, HttpStatus.OK_200, type, body, callback);
    } else {
      refusal(response, outcome, type, callback);
    }
  }

  /** Answers what was not stored. */
  static void refusal(Response response, Outcome outcome, String type, Callback callback) {
    if (outcome instanceof Outcome.Overloaded overloaded) {
      retryAfter(response, overloaded.retryAfterMillis());
    } else if (outcome instanceof Outcome.Unavailable unavailable) {
      retryAfter(response, unavailable.retryAfterMillis());
    } else if (http(outcome) == HttpStatus.UNAUTHORIZED_401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, Access.CHALLENGE);
    }
    error(response, http(outcome), RpcStatus.of(outcome), type, callback);
  }

  private static int http(Outcome outcome) {
    if (outcome instanceof Outcome.Malformed) {
      return HttpStatus.BAD_REQUEST_400;
    }
    if (outcome instanceof Outcome.TooLarge) {
      return HttpStatus.PAYLOAD_TOO_LARGE_413;
    }
    if (outcome instanceof Outcome.Denied denied) {
      return switch (denied.reason()) {
        case UNKNOWN_CALLER -> HttpStatus.UNAUTHORIZED_401;
        case NOT_ALLOWED -> HttpStatus.FORBIDDEN_403;
      };
    }
    return outcome instanceof Outcome.Overloaded
        ? HttpStatus.TOO_MANY_REQUESTS_429
        : HttpStatus.SERVICE_UNAVAILABLE_503;
  }

  static void error(
      Response response, int http, Code code, String why, String type, Callback callback) {
    error(response, http, RpcStatus.of(code, why), type, callback);
  }

  private static void error(
      Response response, int http, Status status, String type, Callback callback) {
    byte[] body = type.equals(PROTOBUF) ? status.toByteArray() : JsonAnswers.of(status);
    body(response, http, type, body, callback);
  }

  /** Whole seconds, at least one: some clients take 0 as "at once", and less as no hint. */
  private static void retryAfter(Response response, int millis) {
    response.getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(1, (millis + 999L) / 1_000));
  }

  private static void body(
      Response response, int http, String type, byte[] body, Callback callback) {
    response.setStatus(http);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private HttpAnswers() {}
}
