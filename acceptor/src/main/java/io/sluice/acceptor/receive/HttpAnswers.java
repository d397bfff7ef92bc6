package io.sluice.acceptor.receive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An outcome as an HTTP response. Every body of an error is a google.rpc.Status, in the request's
 * encoding, or in JSON where that is none we speak.
 */
final class HttpAnswers {

  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  private static final JsonFactory FACTORY = new JsonFactory();

  /** In which of the two a request of this media type is answered. */
  static String type(String mediaType) {
    return mediaType.equals(PROTOBUF) ? PROTOBUF : JSON;
  }

  /** Answers in protobuf. */
  static void send(Response response, Outcome outcome, Callback callback) {
    if (outcome instanceof Outcome.Stored stored) {
      body(response, HttpStatus.OK_200, PROTOBUF, OtlpAnswers.of(stored), callback);
    } else if (outcome instanceof Outcome.Malformed malformed) {
      error(
          response,
          HttpStatus.BAD_REQUEST_400,
          Code.INVALID_ARGUMENT,
          malformed.why(),
          PROTOBUF,
          callback);
    } else if (outcome instanceof Outcome.TooLarge large) {
      tooLarge(response, large.why(), PROTOBUF, callback);
    } else if (outcome instanceof Outcome.Overloaded overloaded) {
      retryAfter(response, overloaded.retryAfterMillis());
      error(
          response,
          HttpStatus.TOO_MANY_REQUESTS_429,
          Code.RESOURCE_EXHAUSTED,
          overloaded.why(),
          PROTOBUF,
          callback);
    } else if (outcome instanceof Outcome.Unavailable unavailable) {
      unavailable(response, unavailable, PROTOBUF, callback);
    }
  }

  static void tooLarge(Response response, String why, String type, Callback callback) {
    error(response, HttpStatus.PAYLOAD_TOO_LARGE_413, Code.RESOURCE_EXHAUSTED, why, type, callback);
  }

  static void unavailable(
      Response response, Outcome.Unavailable unavailable, String type, Callback callback) {
    retryAfter(response, unavailable.retryAfterMillis());
    error(
        response,
        HttpStatus.SERVICE_UNAVAILABLE_503,
        Code.UNAVAILABLE,
        unavailable.why(),
        type,
        callback);
  }

  static void error(
      Response response, int http, Code code, String why, String type, Callback callback) {
    body(response, http, type, status(code, OtlpAnswers.clipped(why), type), callback);
  }

  /** A google.rpc.Status in the encoding of this media type. */
  static byte[] status(Code code, String message, String type) {
    if (type.equals(PROTOBUF)) {
      return Status.newBuilder()
          .setCode(code.getNumber())
          .setMessage(message)
          .build()
          .toByteArray();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("code", code.getNumber());
      out.writeStringField("message", message);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    return bytes.toByteArray();
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
