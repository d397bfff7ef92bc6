package io.sluice.acceptor.receive;

import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.time.Duration;

/**
 * What one client, and all of them, may ask for.
 *
 * <p>How the defaults fit into the memory of cli/src/main/jvm/acceptor.args:
 *
 * <pre>
 * heap 768 MiB      256 in flight, twice at most: G1 gives an array of half a region a whole one;
 *                   the rest for the process itself, which needs less than 100
 * direct 1 GiB      256 in flight once more, while gRPC gathers what becomes an array later;
 *                   512 in the windows of 4,096 gRPC connections; messages to the Writer
 * acceptor.memory   columns; those on their way are in flight, too
 * </pre>
 *
 * A quarter of 256 MiB is for growing: as much as the largest request, decompressed.
 *
 * @param maxRequestBytes of a request, compressed and decompressed
 * @param maxBytesInFlight of all requests that are not answered
 * @param admissionWait how long a request waits for room among those
 * @param grpcPatience how long a gRPC request without a deadline waits for the Writer
 * @param httpPatience the same over HTTP, where clients wait longer
 * @param maxConnections of gRPC
 * @param connectionWindow bytes that each of those may send before they are asked for
 */
public record ReceiveLimits(
    int maxRequestBytes,
    long maxBytesInFlight,
    Duration admissionWait,
    Duration grpcPatience,
    Duration httpPatience,
    Duration maxConnectionAge,
    int maxCallsPerConnection,
    int maxConnections,
    int connectionWindow) {

  private static final ByteSize LARGEST_REQUEST = ByteSize.parse("1GiB");
  private static final ByteSize LEAST_WINDOW = ByteSize.parse("64KiB");
  private static final ByteSize MOST_WINDOW = ByteSize.parse("16MiB");

  /** Reads them; problems stay in the settings. */
  public static ReceiveLimits from(Settings settings) {
    ByteSize request =
        settings.get(
            "otlp.max-request-size",
            "64MiB",
            ByteSize::parse,
            "largest OTLP request, compressed and decompressed");
    settings.require(
        request.bytes() > 0 && request.bytes() <= LARGEST_REQUEST.bytes(),
        "cannot use otlp.max-request-size: %s (from 1 to %s)".formatted(request, LARGEST_REQUEST));
    return new ReceiveLimits(
        (int) Math.min(request.bytes(), LARGEST_REQUEST.bytes()),
        settings
            .get(
                "otlp.max-in-flight",
                "256MiB",
                ByteSize::parse,
                "bytes of all requests that are not yet answered, as they are in memory")
            .bytes(),
        settings.get(
            "otlp.admission-wait",
            "1s",
            Durations::parse,
            "how long a request waits for room among those before it is refused"),
        settings.get(
            "otlp.grpc.patience",
            "4s",
            Durations::parse,
            "how long a gRPC request without a deadline waits for the Writer"),
        settings.get(
            "otlp.http.patience",
            "8s",
            Durations::parse,
            "how long an HTTP request waits for the Writer"),
        settings.get(
            "otlp.grpc.max-connection-age",
            "5m",
            Durations.atLeast(Duration.ofSeconds(1)),
            "age at which a gRPC connection is asked to reconnect, so that clients spread"),
        settings.get(
            "otlp.grpc.max-calls-per-connection",
            "256",
            Parsers.integer(1, 100_000),
            "concurrent calls of one gRPC connection"),
        settings.get(
            "otlp.grpc.max-connections",
            "4096",
            Parsers.integer(1, 1_000_000),
            "gRPC connections at once; one more is closed"),
        window(settings));
  }

  private static int window(Settings settings) {
    ByteSize window =
        settings.get(
            "otlp.grpc.window",
            "128KiB",
            ByteSize::parse,
            "bytes on their way on a gRPC connection that nobody has asked for; more is faster over"
                + " long distances, and memory for each connection");
    settings.require(
        window.bytes() >= LEAST_WINDOW.bytes() && window.bytes() <= MOST_WINDOW.bytes(),
        "cannot use otlp.grpc.window: %s (from %s to %s)"
            .formatted(window, LEAST_WINDOW, MOST_WINDOW));
    return (int) Math.min(window.bytes(), MOST_WINDOW.bytes());
  }
}
