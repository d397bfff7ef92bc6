package io.sluice.lake.rest;

import java.util.Map;

/**
 * What a client is told.
 *
 * @param route which route answers, in snake_case; for counting
 * @param json the body, UTF-8; empty: none
 * @param headers beyond those of the body
 */
// An array is what the socket takes; nobody compares answers.
@SuppressWarnings("ArrayRecordComponent")
public record RestAnswer(String route, int status, byte[] json, Map<String, String> headers) {

  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  public RestAnswer {
    headers = Map.copyOf(headers);
  }

  static RestAnswer of(Route route, int status) {
    return of(route, status, new byte[0]);
  }

  static RestAnswer of(Route route, int status, byte[] json) {
    return new RestAnswer(route.label(), status, json, Map.of());
  }

  RestAnswer with(String header, String value) {
    return new RestAnswer(route, status, json, Map.of(header, value));
  }

  /** How it went, in a word; for counting. */
  public String outcome() {
    return switch (status) {
      case BAD_REQUEST -> "bad";
      case FORBIDDEN -> "refused";
      case NOT_FOUND -> "not_found";
      case UNAVAILABLE -> "unavailable";
      default -> status < BAD_REQUEST ? "ok" : "failed";
    };
  }
}
