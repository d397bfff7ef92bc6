package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages in browsers are told; over a raw connection, since clients refuse to set Origin. */
final class CrossOriginTest {

  private static final String ORIGIN = "https://app.example.com";

  private FakeWriter writer;
  private RunningAcceptor acceptor;

  private void start(String... flags) throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, flags);
  }

  @AfterEach
  void stop() throws Exception {
    if (acceptor != null) {
      acceptor.close();
      writer.close();
    }
  }

  private RawConnection.Answer preflight(String path, String origin, String headers)
      throws Exception {
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(
          "OPTIONS %s HTTP/1.1\nHost: x\nOrigin: %s\nAccess-Control-Request-Method: POST\n%s\n"
              .formatted(
                  path,
                  origin,
                  headers == null ? "" : "Access-Control-Request-Headers: " + headers + "\n"));
      return raw.answer();
    }
  }

  private RawConnection.Answer post(String headers, byte[] body) throws Exception {
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(
          "POST /v1/traces HTTP/1.1\nHost: x\nContent-Length: %d\n%s\n"
              .formatted(body.length, headers),
          body);
      return raw.answer();
    }
  }

  private static String from(String origin) {
    return "Content-Type: application/x-protobuf\nOrigin: " + origin + "\n";
  }

  @Test
  void preflightSaysWhatANamedOriginMaySend() throws Exception {
    start(
        "--otlp.http.cors.allowed-origins=https://other.example.com, " + ORIGIN,
        "--otlp.http.cors.allowed-headers=x-api-key",
        "--otlp.http.cors.max-age=10m");
    RawConnection.Answer answer = preflight("/v1/traces", ORIGIN, "content-type,x-api-key");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("access-control-allow-origin")).hasValue(ORIGIN);
    assertThat(answer.header("access-control-allow-credentials")).hasValue("true");
    assertThat(answer.header("access-control-allow-methods")).hasValue("POST");
    assertThat(answer.header("access-control-allow-headers"))
        .hasValue("content-type, content-encoding, authorization, x-api-key");
    assertThat(answer.header("access-control-max-age")).hasValue("600");
    assertThat(answer.head()).containsIgnoringCase("vary: origin");
  }

  @Test
  void answersAreMarkedWhateverTheirStatus() throws Exception {
    start("--otlp.http.cors.allowed-origins=" + ORIGIN, "--otlp.max-request-size=1MiB");
    byte[] large = new byte[(1 << 20) + 1];
    List<RawConnection.Answer> answers =
        List.of(
            post(from(ORIGIN), spans(1, 1).toByteArray()),
            post(from(ORIGIN), new byte[] {1, 2, 3}),
            post(from(ORIGIN), large),
            post("Content-Type: text/plain\nOrigin: " + ORIGIN + "\n", new byte[3]));
    assertThat(answers)
        .extracting(RawConnection.Answer::status)
        .containsExactly(200, 400, 413, 415);
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.header("access-control-allow-origin")).hasValue(ORIGIN);
              assertThat(answer.header("access-control-allow-credentials")).hasValue("true");
              assertThat(answer.header("access-control-expose-headers")).hasValue("retry-after");
              assertThat(answer.header("vary")).hasValue("Origin");
            });
  }

  @Test
  void unavailableIsMarkedToo() throws Exception {
    start("--otlp.http.cors.allowed-origins=" + ORIGIN, "--otlp.http.patience=100ms");
    writer.stop();
    RawConnection.Answer answer = post(from(ORIGIN), spans(1, 1).toByteArray());
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after").orElseThrow()).isIn("1", "2");
    assertThat(answer.header("access-control-allow-origin")).hasValue(ORIGIN);
  }

  @Test
  void whatJettyItselfRefusesIsMarked() throws Exception {
    start("--otlp.http.cors.allowed-origins=" + ORIGIN);
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(
          "POST /v1/traces HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n"
              + from(ORIGIN)
              + "\nno chunk\n\n");
      RawConnection.Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("access-control-allow-origin")).hasValue(ORIGIN);
    }
  }

  @Test
  void anyOriginMayNotSendCredentialsAndANamedOneBesidesMay() throws Exception {
    start("--otlp.http.cors.allowed-origins=*," + ORIGIN, "--otlp.http.cors.allowed-headers=*");
    RawConnection.Answer any = preflight("/v1/logs", "http://localhost:8080", "x-a, x-b");
    assertThat(any.status()).isEqualTo(204);
    assertThat(any.header("access-control-allow-origin")).hasValue("*");
    assertThat(any.header("access-control-allow-credentials")).isEmpty();
    assertThat(any.header("access-control-allow-headers")).hasValue("x-a, x-b");
    RawConnection.Answer named = preflight("/v1/logs", ORIGIN, null);
    assertThat(named.header("access-control-allow-origin")).hasValue(ORIGIN);
    assertThat(named.header("access-control-allow-credentials")).hasValue("true");
    assertThat(named.header("access-control-allow-headers").orElseThrow()).contains("content-type");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example.com, 204",
    "https://A.b.Example.com, 204",
    "http://localhost:3000, 204",
    "https://example.com, 403",
    "https://.example.com.evil.org, 403",
    "https://evil.org/.example.com, 403",
    "https://a.example.com:8443, 403",
    "http://a.example.com, 403",
    "null, 403"
  })
  void wildcardsStandForWhatIsInAHostAndNoMore(String origin, int status) throws Exception {
    start("--otlp.http.cors.allowed-origins=https://*.example.com,http://localhost:*");
    RawConnection.Answer answer = preflight("/v1/metrics", origin, null);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("access-control-allow-origin"))
        .isEqualTo(status == 204 ? Optional.of(origin) : Optional.empty());
  }

  @Test
  void foreignOriginIsToldNothingAndItsRefusalCounted() throws Exception {
    start("--otlp.http.cors.allowed-origins=" + ORIGIN);
    RawConnection.Answer answer = preflight("/v1/traces", "https://evil.org", null);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("content-type")).hasValue("application/json");
    assertThat(answer.text()).contains("otlp.http.cors.allowed-origins");
    assertThat(acceptor.metric("sluice_acceptor_requests_total", "outcome=\"wrong_origin\""))
        .isEqualTo(1);
    assertThat(post(from("https://evil.org"), spans(1, 1).toByteArray()).head())
        .startsWith("HTTP/1.1 200")
        .doesNotContainIgnoringCase("access-control");
  }

  @Test
  void offThereIsNoCors() throws Exception {
    start();
    RawConnection.Answer answer = preflight("/v1/traces", ORIGIN, null);
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).hasValue("POST");
    assertThat(post(from(ORIGIN), spans(1, 1).toByteArray()).head())
        .doesNotContainIgnoringCase("access-control")
        .doesNotContainIgnoringCase("vary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--otlp.http.cors.allowed-origins=app.example.com",
        "--otlp.http.cors.allowed-origins=https://app.example.com/",
        "--otlp.http.cors.allowed-headers=x-a: b"
      })
  void whatIsNoOriginOrHeaderIsASentenceAtTheStart(String flag) {
    Settings settings = Settings.of(List.of(flag), Map.of(), Path.of("no-such-directory"));
    AcceptorSettings.from(settings);
    assertThatThrownBy(settings::check)
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .contains("cannot use", "write"));
  }
}
