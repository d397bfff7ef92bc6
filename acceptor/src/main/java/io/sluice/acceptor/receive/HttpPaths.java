package io.sluice.acceptor.receive;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of a path that is none of ours: the mistake behind it is one of a few. */
final class HttpPaths {

  private static final List<String> SIGNALS = List.of("traces", "metrics", "logs");
  private static final String ALL = "OTLP/HTTP is POST /v1/traces, /v1/metrics and /v1/logs";

  static String notFound(@Nullable String path) {
    String said = String.valueOf(path);
    return "cannot take %s: %s".formatted(said, advice(said));
  }

  /** Of a path that is one of ours. */
  static String notAllowed(String method) {
    return "cannot take %s: OTLP/HTTP is POST%s"
        .formatted(
            method,
            method.equals("OPTIONS")
                ? " (for pages in browsers see otlp.http.cors.allowed-origins)"
                : "");
  }

  private static String advice(String path) {
    if (path.contains("profiles")) {
      return "profiles are not taken yet; " + ALL;
    }
    if (path.equals("/")) {
      return "the path tells the signal; a per-signal endpoint is used as it is: append /v1/traces,"
          + " /v1/metrics or /v1/logs to it";
    }
    String plain = withoutLastSlashes(path);
    for (String signal : SIGNALS) {
      if (plain.endsWith("/" + signal)) {
        return "use /v1/%s%s".formatted(signal, reason(plain, signal));
      }
    }
    return ALL;
  }

  private static String withoutLastSlashes(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static String reason(String path, String signal) {
    if (path.endsWith("/v1/v1/" + signal)) {
      return " (is the endpoint's path doubled? exporters append it to OTEL_EXPORTER_OTLP_ENDPOINT)";
    }
    return path.endsWith("/v1/" + signal) ? " (with no path before it)" : "";
  }

  private HttpPaths() {}
}
