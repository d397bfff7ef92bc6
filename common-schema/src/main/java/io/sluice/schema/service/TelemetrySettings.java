package io.sluice.schema.service;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service does with its own telemetry, beside its metrics page.
 *
 * @param endpoint the base of an OTLP/HTTP receiver, without {@code /v1/...}; null = nowhere
 * @param interval from one push to the next
 * @param headers shown with each, secrets most likely
 * @param slow from when on an operation is told of by itself, as a trace and in the log
 */
public record TelemetrySettings(
    @Nullable URI endpoint, Duration interval, Map<String, String> headers, Duration slow) {

  /** Nothing is pushed. */
  public static final TelemetrySettings QUIET =
      new TelemetrySettings(null, Duration.ofSeconds(30), Map.of(), Duration.ofSeconds(1));

  /** Whose values are never shown. */
  static final String HEADERS = "telemetry.otlp.headers";

  public TelemetrySettings {
    headers = Map.copyOf(headers);
  }

  /** Reads them; problems stay in the settings. */
  public static TelemetrySettings from(Settings settings) {
    return new TelemetrySettings(
        settings.get(
            "telemetry.otlp.endpoint",
            "",
            "none",
            TelemetrySettings::endpoint,
            "where this service sends its own metrics and traces: http(s)://host:4318 of any OTLP/HTTP receiver"),
        settings.get(
            "telemetry.otlp.interval",
            "30s",
            Durations::parse,
            "how often it sends metrics; more often than 1s is as 1s"),
        settings.get(HEADERS, "", "none", Parsers::pairs, "headers that it shows: name=value, ..."),
        settings.get(
            "telemetry.slow",
            "1s",
            Durations::parse,
            "requests that take longer, and commits that take ten times as long, are told of one by one, at most one a second"));
  }

  private static @Nullable URI endpoint(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      URI uri = URI.create(text);
      if (text.matches("https?://.+") && uri.getHost() != null && uri.getQuery() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(refusal(text), e);
    }
    throw new IllegalArgumentException(refusal(text));
  }

  private static String refusal(String text) {
    return "cannot use endpoint: '%s' (http://HOST:PORT or https://HOST:PORT)"
        .formatted(Secrets.mask("", text));
  }
}
