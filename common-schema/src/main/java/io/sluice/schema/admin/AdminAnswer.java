package io.sluice.schema.admin;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a page says.
 *
 * @param status of HTTP
 * @param type of the body, as in {@code application/json}; of none if that is empty
 * @param headers beyond those of the body
 */
// An array is what the socket takes; nobody compares answers.
@SuppressWarnings("ArrayRecordComponent")
public record AdminAnswer(int status, String type, byte[] body, Map<String, String> headers) {

  public AdminAnswer {
    headers = Map.copyOf(headers);
  }

  /** A sentence. */
  public static AdminAnswer text(int status, String sentence) {
    return new AdminAnswer(
        status,
        "text/plain; charset=utf-8",
        (sentence + "\n").getBytes(StandardCharsets.UTF_8),
        Map.of());
  }

  AdminAnswer with(String header, String value) {
    return new AdminAnswer(status, type, body, Map.of(header, value));
  }
}
