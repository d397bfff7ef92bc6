package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.PortInUseException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP/HTTP, byte by byte: what no client sends twice alike, and what no client should send. */
final class HttpWireTest {

  private static final byte[] BODY = spans(3, 1).toByteArray();
  private static final String HEAD =
      "POST /v1/traces HTTP/1.1\nHost: x\nContent-Type: application/x-protobuf\n";
  private static final String REQUEST = HEAD + "Content-Length: " + BODY.length + "\n\n";

  private FakeWriter writer;
  private RunningAcceptor acceptor;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer);
  }

  @AfterEach
  void stop() throws Exception {
    acceptor.close();
    writer.close();
  }

  private RawConnection connect() throws Exception {
    return new RawConnection(acceptor.service().httpPort());
  }

  private void assertServes() throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(REQUEST, BODY);
      assertThat(raw.answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//v1/traces",
        "/v1//traces",
        "/v1/traces//",
        "/v1/traces/x",
        "/v1/../v1/traces",
        "/./v1/traces",
        "/v1/traces/..",
        "/v1/traces/.",
        "/v1%2Ftraces",
        "/v1/%74races",
        "/v1/traces%2F",
        "/%2e%2e/v1/traces",
        "/v1/traces;x=1",
        "/v1/traces/;/",
        "/V1/TRACES",
        "/v1/traces?a=b",
        "/v1/traces/?a=b",
        "/v1/traces#x",
        "/v1",
        "/v1/",
        "/",
        "*",
        "v1/traces",
        "http://x/v1/traces",
        "http://x/v1/traces/",
        "http://x",
        "http://other/v1/traces",
        "/v1/traces%00",
        "/v1/tr%C3%A4ces",
        "/v1/trac\u00e9s",
        "\\v1\\traces"
      })
  void noPathIsEverRedirected(String path) throws Exception {
    for (String method : new String[] {"POST", "GET", "HEAD", "OPTIONS", "PUT", "DELETE"}) {
      try (RawConnection raw = connect()) {
        raw.send(REQUEST.replace("POST /v1/traces", method + " " + path), BODY);
        assertThat(raw.rest(12))
            .describedAs("%s %s", method, path)
            .isIn("HTTP/1.1 200", "HTTP/1.1 400", "HTTP/1.1 404", "HTTP/1.1 405");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/v1/traces, /v1/traces, is the endpoint's path doubled",
    "/otlp/v1/logs, /v1/logs, no path before",
    "//v1/metrics, /v1/metrics, ''",
    "/v1/traces//, /v1/traces, ''",
    "/traces, /v1/traces, ''",
    "/, /v1/traces, per-signal endpoint",
    "/v1/profiles, /v1development/profiles, ''",
    "/v1development/v1development/profiles, /v1development/profiles, is the endpoint's path doubled"
  })
  void notFoundSaysWhichPathToUse(String path, String use, String why) throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(REQUEST.replace("/v1/traces HTTP", path + " HTTP"), BODY);
      RawConnection.Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(404);
      assertThat(Status.parseFrom(answer.body()).getMessage()).contains(path, use).contains(why);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/traces/", "/v1/traces?x=1", "/v1/traces/?x=1", "http://x/v1/traces"})
  void oneSlashAQueryAndTheAbsoluteFormAreForgiven(String path) throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(REQUEST.replace("/v1/traces HTTP", path + " HTTP"), BODY);
      assertThat(raw.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    try (RawConnection raw = connect()) {
      byte[] bad = {1, 2, 3};
      raw.send(REQUEST, BODY);
      raw.send(HEAD + "Content-Length: 3\n\n", bad);
      raw.send(REQUEST.replace("traces", "none"), BODY);
      raw.send(REQUEST, BODY);
      for (int status : new int[] {200, 400, 404, 200}) {
        assertThat(raw.answer().status()).isEqualTo(status);
      }
    }
  }

  @Test
  void bodyInChunksOfOneByteIsRead() throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(HEAD + "Transfer-Encoding: chunked\n\n");
      for (byte b : BODY) {
        raw.send("1;ext=1\n", b);
        raw.send("\n");
      }
      raw.send("0\nTrailer: x\n\n");
      assertThat(raw.answer().status()).isEqualTo(200);
      raw.send(REQUEST, BODY);
      assertThat(raw.answer().status()).isEqualTo(200);
    }
    assertThat(writer.storedRows()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "traces, application/x-protobuf, identity, 100000000, 413",
    "traces, application/x-protobuf, br, 2000000, 415",
    "traces, text/plain, identity, 2000000, 415",
    "none, application/x-protobuf, identity, 2000000, 404"
  })
  void refusalIsSaidInsteadOfContinueAndTheBodyNotAskedFor(
      String path, String type, String encoding, long length, int status) throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(
          ("POST /v1/%s HTTP/1.1\nHost: x\nContent-Type: %s\nContent-Encoding: %s\n"
                  + "Expect: 100-continue\nContent-Length: %d\n\n")
              .formatted(path, type, encoding, length));
      RawConnection.Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("connection")).hasValue("close");
    }
    assertServes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\nTransfer-Encoding: chunked\n",
        "Transfer-Encoding: chunked\nContent-Length: 5\n",
        "Content-Length: 5\nContent-Length: 6\n",
        "Content-Length: 5, 6\n",
        "Content-Length: -5\n",
        "Content-Length: 5x\n",
        "Content-Length: 99999999999999999999\n",
        "Transfer-Encoding: gzip\n",
        "Transfer-Encoding: chunked, gzip\n",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
        "Content-Length : 5\n",
        "Content-Length: 5\n Transfer-Encoding: chunked\n",
      })
  void whatCouldBeReadTwoWaysIs400AndTheEnd(String headers) throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(HEAD + headers + "\n", "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      RawConnection.Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("connection")).hasValue("close");
      assertThat(answer.header("content-type").orElseThrow()).startsWith("application/");
      assertThat(raw.rest()).isEmpty();
    }
    assertThat(writer.storedBatches()).isZero();
  }

  /** In our own words: Jetty may be failing the same request on another thread. */
  @ParameterizedTest
  @ValueSource(strings = {"7fffffffffffffff\nabc", "5\nabc", "5\nabcdefgh\n", "no chunk\n", "-1\n"})
  void bodyThatIsNotWhatItsChunksSayIs400(String chunks) throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(HEAD + "Transfer-Encoding: chunked\n\n" + chunks);
      raw.socket().shutdownOutput();
      RawConnection.Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("cannot read the request's body: ");
      assertThat(answer.header("connection")).hasValue("close");
      assertThat(raw.rest()).isEmpty();
    }
    assertServes();
    assertThat(writer.storedBatches()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Large: %s\n", "%s: x\n", "Content-Type: %s\n"})
  void absurdHeadersAre431AsAStatus(String header) throws Exception {
    try (RawConnection raw = connect()) {
      raw.send("POST /v1/traces HTTP/1.1\nHost: x\n" + header.formatted("a".repeat(70_000)) + "\n");
      RawConnection.Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.header("content-type")).hasValue("application/json");
      assertThat(answer.text()).startsWith("{\"code\":");
      assertThat(raw.rest()).isEmpty();
    }
    assertServes();
  }

  @Test
  void tokenOfManyKibibytesIsTaken() throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(
          HEAD
              + "Authorization: Bearer "
              + "a".repeat(48 << 10)
              + "\nContent-Length: "
              + BODY.length
              + "\n\n",
          BODY);
      assertThat(raw.answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
        "\0\0\0\0\0\0\0\0",
        "hello\r\n\r\n"
      })
  void whoSpeaksSomethingElseIsTurnedAwayAndTheOthersServed(String bytes) throws Exception {
    try (RawConnection raw = connect()) {
      raw.send("", bytes.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(raw.rest()).matches("(?s)(HTTP/1.1 4\\d\\d .*)?");
    }
    assertServes();
  }

  @Test
  void http1ClientOnTheGrpcPortIsTurnedAwayAndTheOthersServed() throws Exception {
    try (RawConnection raw = new RawConnection(acceptor.service().grpcPort())) {
      raw.send(REQUEST, BODY);
      assertThat(raw.rest()).doesNotContain("HTTP/1.1 2");
    }
    io.grpc.ManagedChannel channel = acceptor.channel();
    try {
      io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc.newBlockingStub(channel)
          .export(spans(1, 9));
    } finally {
      channel.shutdownNow();
    }
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  @Test
  void upgradeOfTheJdksClientLosesNothingOfABodyOfOneMebibyte() throws Exception {
    byte[] body = spans(18_000, 1).toByteArray();
    assertThat(body.length).isGreaterThan(1 << 20);
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient() // asks to upgrade to HTTP/2
            .send(
                HttpRequest.newBuilder(acceptor.http("/v1/traces"))
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(writer.storedRows()).isEqualTo(18_000);
  }

  @Test
  void upgradeIsAnsweredInHttp1AndTheConnectionStays() throws Exception {
    String upgrade =
        "Connection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAEAAEAAAAIAAAAB\n";
    try (RawConnection raw = connect()) {
      for (int i = 0; i < 2; i++) {
        raw.send(HEAD + upgrade + "Content-Length: " + BODY.length + "\n\n", BODY);
        assertThat(raw.answer().status()).isEqualTo(200);
      }
    }
    assertThat(writer.storedRows()).isEqualTo(3);
  }

  @Test
  void loopbackIsBothAddressesOnEveryPort() throws Exception {
    acceptor.close();
    acceptor = null;
    while (acceptor == null) {
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      try {
        acceptor =
            new RunningAcceptor(writer, "--bind-address=loopback", "--otlp.grpc.port=" + port);
      } catch (PortInUseException e) {
        assertThat(e).describedAs("another took it meanwhile").hasMessageContaining("in use");
      }
    }
    assertThat(BindAddress.parse("loopback").addresses()).isNotEmpty();
    for (InetAddress address : BindAddress.parse("loopback").addresses()) {
      try (RawConnection raw =
          new RawConnection(new Socket(address, acceptor.service().httpPort()))) {
        raw.send(REQUEST, BODY);
        assertThat(raw.answer().status()).isEqualTo(200);
      }
      new Socket(address, acceptor.service().grpcPort()).close();
      try (RawConnection raw =
          new RawConnection(new Socket(address, acceptor.service().adminPort()))) {
        raw.send("GET /livez HTTP/1.1\nHost: x\n\n");
        assertThat(raw.answer().status()).isEqualTo(200);
        raw.send("GET /readyz HTTP/1.1\nHost: x\n\n");
        assertThat(raw.answer().status()).isIn(200, 503);
      }
    }
  }

  @Test
  void truncatedBodyStoresNothing() throws Exception {
    try (RawConnection raw = connect()) {
      raw.send(REQUEST, Arrays.copyOf(BODY, BODY.length - 1));
    }
    assertServes();
    assertThat(writer.storedBatches()).isEqualTo(1);
  }
}
