package io.sluice.lake.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.s3server.FaultScript;
import io.sluice.s3server.S3Server;
import io.sluice.s3server.StoreFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What gives out keys at AWS, on loopback: metadata of an instance (version 2 only), of a
 * container, and the token service. The keys are always those of the S3 server; what tells them
 * apart is the session token, {@code token-1} and so on.
 */
final class FakeAws implements AutoCloseable {

  private static final String ROLE = "the-role";
  private static final String SESSION = "metadata-session";
  static final String CONTAINER_SECRET = "container-secret";

  private final HttpServer server;
  private final AtomicInteger issued = new AtomicInteger();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Duration life = Duration.ofHours(6);

  FakeAws() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** How long the next ones are said to be good. */
  void life(Duration next) {
    life = next;
  }

  /** Paths and bodies, in their order. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  int issued() {
    return issued.get();
  }

  /** The store takes no keys but the last ones given out, and those before. */
  FaultScript newestTwoOnly() {
    return request -> {
      String token = request.header("x-amz-security-token");
      boolean isGood =
          token.equals("token-" + issued) || token.equals("token-" + (issued.get() - 1));
      return isGood ? Optional.empty() : Optional.of(new StoreFault.Answer(400, "ExpiredToken"));
    };
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      asked.add(path + " " + body);
      String answer = answer(exchange, path, body);
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          answer.isEmpty() ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private String answer(HttpExchange exchange, String path, String body) {
    String session =
        String.valueOf(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"));
    String secret = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    String metadata = "/latest/meta-data/iam/security-credentials/";
    if (path.equals("/latest/api/token") && exchange.getRequestMethod().equals("PUT")) {
      exchange.getResponseHeaders().add("X-aws-ec2-metadata-token-ttl-seconds", "21600");
      return SESSION;
    }
    if (path.equals(metadata) && session.equals(SESSION)) {
      return ROLE;
    }
    if (path.equals(metadata + ROLE) && session.equals(SESSION)) {
      return json();
    }
    if (path.equals("/container") && secret.equals(CONTAINER_SECRET)) {
      return json();
    }
    return body.contains("Action=AssumeRoleWithWebIdentity") && body.contains("the-web-token")
        ? xml()
        : "";
  }

  private Instant end() {
    return Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS);
  }

  private String json() {
    return "{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\",\"Token\":\"token-%d\",\"LastUpdated\":\"%s\",\"Expiration\":\"%s\"}"
        .formatted(
            S3Server.ACCESS_KEY,
            S3Server.SECRET_KEY,
            issued.incrementAndGet(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            end());
  }

  private String xml() {
    return """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult><Credentials>
            <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
            <SessionToken>token-%d</SessionToken><Expiration>%s</Expiration>
          </Credentials></AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>"""
        .formatted(S3Server.ACCESS_KEY, S3Server.SECRET_KEY, issued.incrementAndGet(), end());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
