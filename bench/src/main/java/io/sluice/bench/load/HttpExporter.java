package io.sluice.bench.load;

import io.sluice.schema.table.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** OTLP/HTTP with protobuf bodies on one kept-alive connection. */
final class HttpExporter implements Exporter {

  private static final String PROTOBUF = "application/x-protobuf";

  private final HttpClient client;
  private final Turns turns;
  private final URI endpoint;
  private final boolean gzip;
  private final Duration timeout;

  HttpExporter(
      URI endpoint, LoadCredentials credentials, Turns turns, boolean gzip, Duration timeout) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    if (credentials.http() != null) {
      builder.sslContext(credentials.http());
    }
    this.client = builder.build();
    this.turns = turns;
    this.endpoint = endpoint;
    this.gzip = gzip;
    this.timeout = timeout;
  }

  @Override
  public Answer export(Signal signal, int number, byte[] request) throws InterruptedException {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(endpoint.resolve(path(signal)))
            .timeout(timeout)
            .header("Content-Type", PROTOBUF);
    turns.headers(number).forEach(post::header);
    if (gzip) {
      post.header("Content-Encoding", "gzip");
    }
    post.POST(HttpRequest.BodyPublishers.ofByteArray(gzip ? gzipped(request) : request));
    try {
      return answer(client.send(post.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      return new Answer.Again("IO", String.valueOf(e.getMessage()), Duration.ZERO);
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
      default -> new Answer.Refused(code, response.body().length + " bytes of body");
    };
  }

  private static Duration retryAfter(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(text -> text.matches("\\d{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(Duration.ZERO);
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
