package io.sluice.query.replay;

import io.grpc.ChannelCredentials;
import io.sluice.query.export.Exporter;
import io.sluice.query.export.GrpcExporter;
import io.sluice.query.export.HttpExporter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go.
 *
 * @param endpoint with scheme, host and port
 * @param http whether it is OTLP/HTTP with protobuf; else it is gRPC
 * @param grpc of gRPC by TLS
 * @param tls of HTTP by TLS; null: as the JDK believes
 * @param headers of each request, their names in lower case
 * @param gzip whether requests are compressed
 */
public record Target(
    URI endpoint,
    boolean http,
    ChannelCredentials grpc,
    @Nullable SSLContext tls,
    Map<String, String> headers,
    boolean gzip) {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  public Target {
    headers = Map.copyOf(headers);
  }

  Exporter exporter() {
    List<Map<String, String>> shown = List.of(headers);
    return http
        ? new HttpExporter(endpoint, tls, shown, gzip, TIMEOUT)
        : new GrpcExporter(endpoint, grpc, shown, gzip, TIMEOUT);
  }

  String protocol() {
    return http ? "http/protobuf" : "grpc";
  }
}
