package io.sluice.schema.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.Telemetry;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are odd, and what is said to them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AdminRequestsTest {

  private static final BindAddress LOOPBACK = BindAddress.parse("127.0.0.1");
  private static final AdminServer.Guard NOBODY =
      new AdminServer.Guard() {
        @Override
        public AdminServer.Refusal refuses(String authorization) {
          return new AdminServer.Refusal(401, "cannot tell who calls", "Bearer");
        }

        @Override
        public boolean asksForTokens() {
          return true;
        }
      };

  private final Telemetry telemetry = new Telemetry("sluice-test");
  private AdminServer admin;
  private RawClient client;

  private void open(AdminServer.Guard guard) throws IOException {
    admin = AdminServer.open(telemetry, LOOPBACK, 0, "writer.admin.port", null, guard);
    admin.handle("/v1/", request -> AdminAnswer.text(200, request.path()));
    client = new RawClient(admin.port());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    admin.close();
    telemetry.close();
  }

  private String ask(String head) throws IOException {
    return client.send(head + "\n\n").answer();
  }

  @Test
  void whoIsRefusedIsToldAtOnceAndItsBodyIsNotRead() throws Exception {
    open(NOBODY);
    String answer =
        ask("GET /metrics HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 100000");
    assertThat(answer)
        .startsWith("HTTP/1.1 401")
        .contains("Connection: close", "WWW-Authenticate: Bearer", "Cache-Control: no-store")
        .endsWith("cannot tell who calls\n");
    assertThat(client.rest()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer a\nAuthorization: Bearer b", "Bearer a, Bearer b"})
  void whoShowsSeveralTokensIsNobody(String several) throws Exception {
    open(AdminServer.Guard.NONE);
    for (String path : new String[] {"/metrics", "/status", "/v1/x"}) {
      assertThat(ask("GET " + path + " HTTP/1.1\nHost: localhost\nAuthorization: " + several))
          .startsWith("HTTP/1.1 400")
          .contains("several values of Authorization (send one)");
      client.close();
      client = new RawClient(admin.port());
    }
    assertThat(ask("GET /livez HTTP/1.1\nHost: x\nAuthorization: " + several))
        .startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1048577", "Transfer-Encoding: chunked"})
  void aBodyThatIsTooLargeIsRefused(String header) throws Exception {
    open(AdminServer.Guard.NONE);
    client.send("POST /v1/x HTTP/1.1\nHost: localhost\n" + header + "\n\n");
    if (header.endsWith("chunked")) {
      client.send("100001\n" + "x".repeat(0x100001) + "\n");
    }
    assertThat(client.answer()).startsWith("HTTP/1.1 413").contains("Connection: close");
    assertThat(client.rest()).isEmpty();
  }

  @Test
  void aBodyIsReadAndTheConnectionStays() throws Exception {
    open(AdminServer.Guard.NONE);
    for (int i = 0; i < 3; i++) {
      client.send("POST /v1/x HTTP/1.1\nHost: localhost\nContent-Length: 100000\n\n");
      assertThat(client.send("x".repeat(100_000)).answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void answersGiveNothingAwayAndAreNotKept() throws Exception {
    open(AdminServer.Guard.NONE);
    assertThat(ask("GET /metrics HTTP/1.1\nHost: localhost"))
        .startsWith("HTTP/1.1 200")
        .contains("X-Content-Type-Options: nosniff", "Cache-Control: no-store")
        .doesNotContainIgnoringCase("\r\nserver:")
        .doesNotContainIgnoringCase("jetty");
    assertThat(ask("GET /livez HTTP/1.1\nHost: localhost"))
        .contains("X-Content-Type-Options: nosniff")
        .doesNotContain("Cache-Control");
    assertThat(ask("GET \\ HTTP/9.9"))
        .matches("(?s)HTTP/1.1 (400|505).*")
        .contains("X-Content-Type-Options: nosniff")
        .doesNotContainIgnoringCase("jetty");
  }

  @Test
  void aHeadHasTheLengthAndNoBody() throws Exception {
    open(AdminServer.Guard.NONE);
    client.send("HEAD /livez HTTP/1.1\nHost: x\n\nHEAD /livez HTTP/1.0\n\n");
    assertThat(client.rest())
        .containsSubsequence("200", "Content-Length: 5", "200", "Content-Length: 5")
        .doesNotContain("live");
  }

  @Test
  void probesAreToBeReadAndAskedByTheirNames() throws Exception {
    open(AdminServer.Guard.NONE);
    assertThat(ask("GET /readyz/ HTTP/1.1\nHost: x")).startsWith("HTTP/1.1 503");
    admin.ready();
    assertThat(ask("GET /readyz/replica HTTP/1.1\nHost: x")).startsWith("HTTP/1.1 404");
    client.close();
    client = new RawClient(admin.port());
    assertThat(ask("DELETE /livez HTTP/1.1\nHost: x"))
        .startsWith("HTTP/1.1 405")
        .contains("Allow: GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/a%2Fb", "/v1/a%1Fb//c", "/v1/..%2f", "/v1/%c3", "/v1/%2525"})
  void aPageTakesAPathAsItWasSent(String path) throws Exception {
    open(AdminServer.Guard.NONE);
    assertThat(ask("GET " + path + " HTTP/1.1\nHost: localhost"))
        .startsWith("HTTP/1.1 200")
        .endsWith("\r\n" + path + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/%zz", "/v1/%", "/%4"})
  void aPathThatIsWronglyEncodedIsABadRequest(String path) throws Exception {
    open(AdminServer.Guard.NONE);
    assertThat(ask("GET " + path + " HTTP/1.1\nHost: localhost"))
        .startsWith("HTTP/1.1 400")
        .contains("X-Content-Type-Options: nosniff", "cannot read the request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/x", "/metrics", "/status"})
  void aPageOfElsewhereThatHasItsNameResolveToLoopbackReadsNothing(String path) throws Exception {
    open(AdminServer.Guard.NONE);
    assertThat(ask("GET " + path + " HTTP/1.1\nHost: rebound.example.com:4320"))
        .startsWith("HTTP/1.1 421")
        .contains("cannot answer by this name");
    client.close();
    client = new RawClient(admin.port());
    assertThat(ask("GET /livez HTTP/1.1\nHost: rebound.example.com")).startsWith("HTTP/1.1 200");
    assertThat(ask("GET " + path + " HTTP/1.1\nHost: localhost:4320")).startsWith("HTTP/1.1 200");
    assertThat(ask("GET " + path + " HTTP/1.0\nConnection: keep-alive")).startsWith("HTTP/1.1 200");
  }
}
