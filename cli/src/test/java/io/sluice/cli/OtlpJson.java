package io.sluice.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Sends OTLP as JSON to a box. */
final class OtlpJson {

  private final OneBox box;
  private final HttpClient client = HttpClient.newHttpClient();

  OtlpJson(OneBox box) {
    this.box = box;
  }

  /** A log record of now. What is given is put into JSON as it is. */
  void log(String service, int severity, String body, String more) throws Exception {
    send(
        "/v1/logs",
        "{\"resourceLogs\":[{\"resource\":%s,\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"%d\",\"severityNumber\":%d,\"body\":{\"stringValue\":\"%s\"}%s}]}]}]}"
            .formatted(resource(service), now(), severity, body, more));
  }

  /** A span. */
  void span(String trace, String id, String parent, String service, String name, String more)
      throws Exception {
    long start = now();
    send(
        "/v1/traces",
        "{\"resourceSpans\":[{\"resource\":%s,\"scopeSpans\":[{\"spans\":[{\"traceId\":\"%s\",\"spanId\":\"%s\",\"parentSpanId\":\"%s\",\"name\":\"%s\",\"kind\":2,\"startTimeUnixNano\":\"%d\",\"endTimeUnixNano\":\"%d\"%s}]}]}]}"
            .formatted(resource(service), trace, id, parent, name, start, start + 5_000_000, more));
  }

  /** A point of a gauge. */
  void gauge(String service, String name, double value) throws Exception {
    send(
        "/v1/metrics",
        "{\"resourceMetrics\":[{\"resource\":%s,\"scopeMetrics\":[{\"metrics\":[{\"name\":\"%s\",\"unit\":\"s\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"%d\",\"asDouble\":%s}]}}]}]}]}"
            .formatted(resource(service), name, now(), value));
  }

  private static String resource(String service) {
    return "{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"%s\"}}]}"
        .formatted(service);
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000_000 + System.nanoTime() % 1_000_000;
  }

  private void send(String path, String json) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(box.http(path)))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + ": " + answer.body());
    }
  }
}
