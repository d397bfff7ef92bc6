package io.sluice.query.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.sluice.schema.table.Signal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpExporterTest {

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private HttpServer server;
  private int code = 200;
  private String retryAfter = "";
  private byte[] body = new byte[0];

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        call -> {
          asked.add(
              call.getRequestURI().getPath() + " " + call.getRequestHeaders().getFirst("x-own"));
          call.getRequestBody().readAllBytes();
          if (!retryAfter.isEmpty()) {
            call.getResponseHeaders().set("Retry-After", retryAfter);
          }
          call.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
          call.getResponseBody().write(body);
          call.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Answer export(String path) throws Exception {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    try (Exporter exporter =
        new HttpExporter(
            endpoint, null, List.of(Map.of("x-own", "mine")), true, Duration.ofSeconds(30))) {
      return exporter.export(Signal.TRACES, 0, new byte[] {1, 2, 3});
    }
  }

  @Test
  void theSignalsPathIsAddedToThatOfTheEndpoint() throws Exception {
    assertThat(export("/in/")).isEqualTo(new Answer.Acked(0, ""));
    assertThat(export("")).isEqualTo(new Answer.Acked(0, ""));
    assertThat(asked).containsExactly("/in/v1/traces mine", "/v1/traces mine");
  }

  @Test
  void partialSuccessIsCountedAndARefusalSaysWhy() throws Exception {
    body =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder().setRejectedSpans(3).setErrorMessage("deep"))
            .build()
            .toByteArray();
    assertThat(export("")).isEqualTo(new Answer.Acked(3, "deep"));
    code = 400;
    body = Status.newBuilder().setMessage("not OTLP").build().toByteArray();
    assertThat(export("")).isEqualTo(new Answer.Refused("400", "not OTLP"));
  }

  @Test
  void onlyWhatTheSpecificationNamesComesAgainAndWhenItIsTold() throws Exception {
    for (int again : new int[] {429, 502, 503, 504}) {
      code = again;
      retryAfter = "7";
      assertThat(export(""))
          .isEqualTo(new Answer.Again(Integer.toString(again), "", Duration.ofSeconds(7)));
    }
    for (int never : new int[] {401, 404, 408, 413, 500, 501}) {
      code = never;
      assertThat(export("")).isInstanceOf(Answer.Refused.class);
    }
  }

  @Test
  void retryAfterMayBeADate() {
    Instant now = Instant.parse("2026-11-27T05:00:00Z");
    assertThat(HttpExporter.delay("Fri, 27 Nov 2026 05:01:30 GMT", now))
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(HttpExporter.delay("Fri, 27 Nov 2026 04:00:00 GMT", now)).isZero();
    assertThat(HttpExporter.delay("soon", now)).isZero();
  }
}
