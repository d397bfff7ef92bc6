package io.sluice.acceptor.receive;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said of a path that is none of ours: the mistake behind it is one of a few. */
final class HttpPaths {

  private static final Map<String, String> SIGNALS =
      Map.of(
          "traces", "/v1/traces",
          "metrics", "/v1/metrics",
          "logs", "/v1/logs",
          "profiles", "/v1development/profiles");
  private static final String ALL =
      "OTLP/HTTP is POST /v1/traces, /v1/metrics, /v1/logs and /v1development/profiles";

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
    if (path.equals("/")) {
      return "the path tells the signal; a per-signal endpoint is used as it is: append /v1/traces,"
          + " /v1/metrics, /v1/logs or /v1development/profiles to it";
    }
    String plain = withoutLastSlashes(path);
    for (Map.Entry<String, String> signal : SIGNALS.entrySet()) {
      if (plain.endsWith("/" + signal.getKey())) {
        return "use %s%s".formatted(signal.getValue(), reason(plain, signal.getValue()));
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

  private static String reason(String path, String use) {
    String version = use.substring(0, use.lastIndexOf('/'));
    if (path.endsWith(version + use)) {
      return " (is the endpoint's path doubled? exporters append it to OTEL_EXPORTER_OTLP_ENDPOINT)";
    }
    return path.endsWith(use) ? " (with no path before it)" : "";
  }

  private HttpPaths() {}
}
