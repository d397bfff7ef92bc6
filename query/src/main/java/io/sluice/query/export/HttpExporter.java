package io.sluice.query.export;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP with protobuf bodies on one kept-alive connection. */
public final class HttpExporter implements Exporter {

  private static final String PROTOBUF = "application/x-protobuf";

  private final HttpClient client;
  private final List<Map<String, String>> headers;
  private final String endpoint;
  private final boolean gzip;
  private final Duration timeout;

  /**
   * Connects when it is first used.
   *
   * @param endpoint the signals' paths are added to it
   * @param tls to an endpoint that speaks it; null: as the JDK believes
   * @param headers of each request; one of these
   * @param timeout of one attempt
   */
  public HttpExporter(
      URI endpoint,
      @Nullable SSLContext tls,
      List<Map<String, String>> headers,
      boolean gzip,
      Duration timeout) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    if (tls != null) {
      builder.sslContext(tls);
    }
    this.client = builder.build();
    this.headers = headers.stream().map(Map::copyOf).toList();
    this.endpoint = endpoint.toString().replaceFirst("/+$", "");
    this.gzip = gzip;
    this.timeout = timeout;
  }

  @Override
  public Answer export(Signal signal, int as, byte[] request) throws InterruptedException {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(URI.create(endpoint + path(signal)))
            .timeout(timeout)
            .header("Content-Type", PROTOBUF);
    headers.get(as).forEach(post::header);
    if (gzip) {
      post.header("Content-Encoding", "gzip");
    }
    post.POST(HttpRequest.BodyPublishers.ofByteArray(gzip ? gzipped(request) : request));
    try {
      return answer(client.send(post.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      String why = ConnectionLoss.why(null, e);
      return new Answer.Again("IO", why, Duration.ZERO, ConnectionLoss.was(e));
    }
  }

  private static String path(Signal signal) {
    String version = signal == Signal.PROFILES ? "/v1development/" : "/v1/";
    return version + signal.name().toLowerCase(Locale.ROOT);
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    String code = Integer.toString(response.statusCode());
    return switch (response.statusCode()) {
      case 200 -> PartialSuccess.read(response.body());
      case 429, 502, 503, 504 -> new Answer.Again(code, "", retryAfter(response));
      default -> new Answer.Refused(code, message(response.body()));
    };
  }

  /** The specification has a google.rpc.Status there. */
  private static String message(byte[] body) {
    try {
      String message = Status.parseFrom(body).getMessage();
      if (!message.isEmpty()) {
        return message;
      }
    } catch (InvalidProtocolBufferException e) {
      return body.length + " bytes that are no Status";
    }
    return body.length + " bytes of body";
  }

  /** Seconds, or a date of HTTP. */
  private static Duration retryAfter(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .map(text -> delay(text.strip(), Instant.now()))
        .orElse(Duration.ZERO);
  }

  /** Zero for what is neither, and for what is over. */
  static Duration delay(String text, Instant now) {
    if (text.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant then = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
      Duration wait = Duration.between(now, then);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private static byte[] gzipped(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot gzip in memory", e);
    }
    return bytes.toByteArray();
  }

  /** The client has no close on Java 17: its threads end when it is unreachable. */
  @Override
  public void close() {}
}
