package io.sluice.acceptor.receive;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of clients that speak the wrong protocol: each kind once in ten minutes, however
 * many there are. Safe for any thread.
 */
final class Hints {

  static final String GRPC_ON_HTTP =
      "a gRPC client is on the OTLP/HTTP port (OTLP/gRPC has a port of its own: otlp.grpc.port)";
  static final String HTTP2_ON_HTTP =
      "a client speaks HTTP/2 without TLS on the OTLP/HTTP port (is it gRPC? otlp.grpc.port)";
  static final String TLS_ON_PLAIN =
      "a client speaks TLS on the plain OTLP/HTTP port (use http://, or set otlp.tls.certificate)";
  static final String HTTP_ON_GRPC =
      "an HTTP/1 client is on the OTLP/gRPC port (OTLP/HTTP has a port of its own: otlp.http.port)";

  private static final Logger LOG = LoggerFactory.getLogger(Hints.class);
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final LongSupplier nanoClock;
  private final Map<String, Long> last = new ConcurrentHashMap<>();

  Hints(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** True, and said, if gRPC met a client that speaks HTTP/1: nobody else sees those. */
  boolean sayIfHttp1(LogRecord record) {
    Throwable thrown = record.getThrown();
    boolean http1 = thrown != null && String.valueOf(thrown.getMessage()).contains("HTTP/1");
    if (http1) {
      say(HTTP_ON_GRPC);
    }
    return http1;
  }

  void say(String hint) {
    long now = nanoClock.getAsLong();
    last.compute(
        hint,
        (key, before) -> {
          if (before != null && now - before < QUIET_NANOS) {
            return before;
          }
          LOG.warn(hint);
          return now;
        });
  }
}
