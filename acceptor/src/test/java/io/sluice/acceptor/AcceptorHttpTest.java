package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.sluice.schema.wire.PutAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AcceptorHttpTest {

  private static final String PROTOBUF = "application/x-protobuf";
  private static final int LIMIT = 1 << 20;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private FakeWriter writer;
  private RunningAcceptor acceptor;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, "--otlp.max-request-size=" + LIMIT);
  }

  @AfterEach
  void stop() throws Exception {
    acceptor.close();
    writer.close();
  }

  private HttpRequest.Builder post(String path, byte[] body) {
    return HttpRequest.newBuilder(acceptor.http(path))
        .header("Content-Type", PROTOBUF)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static void assertStatus(HttpResponse<byte[]> response, int http) throws Exception {
    assertThat(response.statusCode()).isEqualTo(http);
    assertThat(response.headers().firstValue("content-type")).hasValue(PROTOBUF);
    assertThat(Status.parseFrom(response.body()).getMessage()).isNotEmpty();
  }

  @Test
  void fullSuccessIs200WithNoBytes() throws Exception {
    HttpResponse<byte[]> response = send(post("/v1/traces", spans(2, 1).toByteArray()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("content-length")).hasValue("0");
    assertThat(response.headers().firstValue("content-type")).hasValue(PROTOBUF);
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/traces/, application/x-protobuf",
    "/v1/traces?x=1, Application/X-Protobuf; charset=utf-8",
    "/v1/traces, application/protobuf"
  })
  void slashQueryAndMediaTypeParametersAreForgiven(String path, String type) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(acceptor.http(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(spans(1, 1).toByteArray()));
    assertThat(send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void gzipOfOneMemberOrManyIsRead() throws Exception {
    byte[] plain = spans(20, 1).toByteArray();
    byte[] many =
        joined(gzip(Arrays.copyOf(plain, 100)), gzip(Arrays.copyOfRange(plain, 100, plain.length)));
    assertThat(
            send(post("/v1/traces", gzip(plain)).header("Content-Encoding", "gzip")).statusCode())
        .isEqualTo(200);
    assertThat(send(post("/v1/traces", many).header("Content-Encoding", " GZIP ")).statusCode())
        .isEqualTo(200);
    assertThat(writer.storedRows()).describedAs("the same bytes: one batch").isEqualTo(20);
  }

  @Test
  void deflateAndZstdAreRead() throws Exception {
    byte[] plain = spans(20, 1).toByteArray();
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(deflated)) {
      out.write(plain);
    }
    HttpRequest.Builder deflate = post("/v1/traces", deflated.toByteArray());
    assertThat(send(deflate.header("Content-Encoding", "deflate")).statusCode()).isEqualTo(200);
    HttpRequest.Builder zstd = post("/v1/traces", Zstd.compress(plain));
    assertThat(send(zstd.header("Content-Encoding", "zstd")).statusCode()).isEqualTo(200);
    assertThat(writer.storedRows()).describedAs("the same bytes: one batch").isEqualTo(20);
  }

  @Test
  void brokenGzipIs400AndTheConnectionStays() throws Exception {
    byte[] whole = gzip(spans(20, 1).toByteArray());
    byte[] plain = spans(20, 1).toByteArray();
    byte[] trailing = joined(whole, new byte[] {1, 2, 3});
    for (byte[] broken : new byte[][] {plain, Arrays.copyOf(whole, whole.length - 9), trailing}) {
      assertStatus(send(post("/v1/traces", broken).header("Content-Encoding", "gzip")), 400);
    }
    assertThat(writer.storedBatches()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "deflate, gzip"})
  void otherEncodingsAre415AndSayWhatIsTaken(String encoding) throws Exception {
    HttpResponse<byte[]> response =
        send(post("/v1/traces", new byte[3]).header("Content-Encoding", encoding));
    assertStatus(response, 415);
    assertThat(response.headers().firstValue("accept-encoding").orElseThrow()).contains("gzip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v1", "/v1/v1/traces", "/v1/traces/x", "/v1/profiles"})
  void otherPathsAre404(String path) throws Exception {
    assertStatus(send(post(path, new byte[0])), 404);
  }

  @Test
  void otherMethodsAre405AndSayPost() throws Exception {
    HttpResponse<byte[]> response = send(HttpRequest.newBuilder(acceptor.http("/v1/traces")).GET());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("POST");
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("\"code\":3");
  }

  @Test
  void otherMediaTypesAre415WithAJsonStatus() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(acceptor.http("/v1/traces"))
            .header("Content-Type", "application/grpc")
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[3]));
    HttpResponse<byte[]> response = send(request);
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("application/grpc");
  }

  @Test
  void malformedIs400WithWhatAndWhere() throws Exception {
    byte[] bytes = spans(3, 1).toByteArray();
    HttpResponse<byte[]> response = send(post("/v1/traces", Arrays.copyOf(bytes, 40)));
    assertStatus(response, 400);
    Status status = Status.parseFrom(response.body());
    assertThat(status.getCode()).isEqualTo(3);
    assertThat(status.getMessage()).contains("at byte");
    assertThat(status.getDetails(0).unpack(BadRequest.class).getFieldViolations(0).getDescription())
        .isEqualTo(status.getMessage());
    assertThat(writer.storedBatches()).isZero();
  }

  @Test
  void tooLargeIs413WhateverTheLengthSays() throws Exception {
    byte[] large = new byte[LIMIT + 1];
    assertStatus(send(post("/v1/traces", large)), 413);
    HttpRequest.Builder chunked =
        HttpRequest.newBuilder(acceptor.http("/v1/traces"))
            .header("Content-Type", PROTOBUF)
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(large)));
    assertStatus(send(chunked), 413);
    byte[] bomb = gzip(new byte[40 * LIMIT]);
    assertThat(bomb.length).isLessThan(LIMIT);
    assertStatus(send(post("/v1/traces", bomb).header("Content-Encoding", "gzip")), 413);
    assertThat(send(post("/v1/traces", spans(1, 1).toByteArray())).statusCode()).isEqualTo(200);
  }

  @Test
  void writerAwayIs503WithRetryAfterAndItsReturnIsNoticed() throws Exception {
    acceptor.close();
    acceptor = new RunningAcceptor(writer, "--otlp.http.patience=100ms");
    writer.stop();
    HttpResponse<byte[]> response = send(post("/v1/traces", spans(1, 1).toByteArray()));
    assertStatus(response, 503);
    assertThat(response.headers().firstValue("retry-after").orElseThrow()).isIn("1", "2");
    writer.restart();
    HttpResponse<byte[]> again = response;
    for (int i = 0; i < 100 && again.statusCode() == 503; i++) {
      again = send(post("/v1/traces", spans(1, 1).toByteArray()));
    }
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  @Test
  void refusalOfTheWriterIs429WithItsHint() throws Exception {
    writer.onPut(
        put -> put.answer(PutAnswer.refused(put.metadata().sequence(), 2_500, "the disk is full")));
    HttpResponse<byte[]> response = send(post("/v1/traces", spans(1, 1).toByteArray()));
    assertStatus(response, 429);
    String seconds = response.headers().firstValue("retry-after").orElseThrow();
    assertThat(seconds).isIn("2", "3", "4");
    Status status = Status.parseFrom(response.body());
    assertThat(status.getMessage()).contains("the disk is full");
    assertThat(status.getDetails(0).unpack(RetryInfo.class).getRetryDelay().getSeconds())
        .isEqualTo(Long.parseLong(seconds));
  }

  /** One connection, bytes as they are. */
  private static final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RawConnection(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(30_000);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    void send(String head, byte[] body) throws IOException {
      out.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.flush();
    }

    /** A response's head; its body must be empty or be skipped by its Content-Length. */
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int read = in.read();
        if (read < 0) {
          throw new IOException("the connection ended after: " + head);
        }
        head.append((char) read);
      }
      for (String line : head.toString().split("\r\n", -1)) {
        if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
          in.readNBytes(Integer.parseInt(line.substring(15).trim()));
        }
      }
      return head.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static final String HEAD =
      "POST /v1/traces HTTP/1.1\nHost: x\nContent-Type: application/x-protobuf\n";

  @Test
  void connectionStaysAfter400AndAfter404() throws Exception {
    byte[] bytes = spans(3, 1).toByteArray();
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(HEAD + "Content-Length: 40\n\n", Arrays.copyOf(bytes, 40));
      assertThat(raw.head()).startsWith("HTTP/1.1 400").doesNotContain("close");
      raw.send(HEAD.replace("traces", "spans") + "Content-Length: 3\n\n", new byte[3]);
      assertThat(raw.head()).startsWith("HTTP/1.1 404");
      raw.send(HEAD + "Content-Length: " + bytes.length + "\n\n", bytes);
      assertThat(raw.head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void expectContinueIsAnsweredBeforeTheBody() throws Exception {
    byte[] bytes = spans(3, 1).toByteArray();
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(
          HEAD + "Expect: 100-continue\nContent-Length: " + bytes.length + "\n\n", new byte[0]);
      assertThat(raw.head()).startsWith("HTTP/1.1 100");
      raw.send("", bytes);
      assertThat(raw.head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void requestToUpgradeToHttp2IsAnsweredInHttp1() throws Exception {
    HttpClient upgrading = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    HttpResponse<byte[]> response =
        upgrading.send(
            post("/v1/traces", spans(3, 1).toByteArray()).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(writer.storedRows()).isEqualTo(3);
  }

  @Test
  void lengthAndChunksTogetherAre400AndTheEnd() throws Exception {
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(HEAD + "Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n", new byte[0]);
      assertThat(raw.head()).startsWith("HTTP/1.1 400").containsIgnoringCase("connection: close");
    }
    assertThat(writer.storedBatches()).isZero();
  }

  @Test
  void whatJettyRefusesIsSaidInTheRequestsEncoding() throws Exception {
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(HEAD + "Transfer-Encoding: chunked\n\nnot a chunk\n\n", new byte[0]);
      assertThat(raw.head())
          .startsWith("HTTP/1.1 400")
          .containsIgnoringCase("content-type: application/x-protobuf");
    }
  }

  /** Nothing that may pass: it is the same whenever it comes again. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/traces HTTP/1.2\nHost: x\nContent-Length: 0\n\n",
        "POST /v1/traces HTTP/9.9\nHost: x\nContent-Length: 0\n\n",
        "POST /v1/traces HTTP/1.1\nHost: x\nTransfer-Encoding: gzip\n\n"
      })
  void whatHttp11DoesNotHaveIs400(String head) throws Exception {
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(head, new byte[0]);
      assertThat(raw.head()).startsWith("HTTP/1.1 400").doesNotContain("Retry-After");
    }
  }

  @Test
  void clientThatLeavesInTheMiddleStoresNothing() throws Exception {
    byte[] bytes = spans(3, 1).toByteArray();
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send(HEAD + "Content-Length: " + bytes.length + "\n\n", Arrays.copyOf(bytes, 40));
    }
    assertThat(send(post("/v1/traces", spans(1, 2).toByteArray())).statusCode()).isEqualTo(200);
    assertThat(writer.storedRows()).isEqualTo(1);
  }
}
