package io.sluice.bench.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.util.Set;

/** What any answer over HTTP must be, whatever was asked. */
final class HttpOracle {

  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int BAD = 400;
  private static final int UNAVAILABLE = 503;
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  /** Of these no client is told that it may come again: nothing here is short. */
  private static final Set<Integer> STATUSES =
      Set.of(100, 200, 204, 400, 404, 405, 411, 413, 414, 415, 417, 426, 431);

  /**
   * @throws Finding it is something else
   */
  void check(HttpReply reply) throws Finding {
    if (isJettysOwn(reply)) {
      return;
    }
    if (!STATUSES.contains(reply.status())) {
      throw new Finding("answered " + reply);
    }
    if (reply.status() < OK || reply.status() == NO_CONTENT) {
      return;
    }
    try {
      if (reply.type().equals(PROTOBUF)) {
        protobuf(reply);
      } else if (reply.type().equals(JSON)) {
        json(reply);
      } else {
        throw new Finding("an answer's type is neither: " + reply);
      }
    } catch (IOException e) {
      throw new Finding("an answer is not what it says: " + reply, e);
    }
  }

  /**
   * Once in some ten thousand heads that are not HTTP, Jetty 12.1 refuses one twice and fails over
   * itself ("channel already completed"). Nothing is stored, and nothing of the kind is OTLP.
   */
  private static boolean isJettysOwn(HttpReply reply) {
    return reply.status() == UNAVAILABLE && reply.toString().contains("HTTP server could not");
  }

  private static void protobuf(HttpReply reply) throws InvalidProtocolBufferException, Finding {
    if (reply.status() == OK) {
      ExportTraceServiceResponse response = // all signals' are alike
          ExportTraceServiceResponse.parseFrom(reply.body());
      if (!response.getUnknownFields().asMap().isEmpty()) {
        throw new Finding("an answer has what is not known: " + reply);
      }
    } else if (Status.parseFrom(reply.body()).getMessage().isEmpty()) {
      throw new Finding("an error says nothing: " + reply);
    }
  }

  private static void json(HttpReply reply) throws IOException, Finding {
    boolean message = false;
    boolean code = false;
    try (JsonParser in = new JsonFactory().createParser(reply.body())) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new Finding("an answer is no object: " + reply);
      }
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        message |= token == JsonToken.VALUE_STRING && "message".equals(in.currentName());
        code |= token == JsonToken.VALUE_NUMBER_INT && "code".equals(in.currentName());
      }
    }
    if (reply.status() >= BAD && !(message && code)) {
      throw new Finding("an error says nothing: " + reply);
    }
  }
}
