package io.sluice.acceptor.receive;

import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * From which origins pages in browsers may send telemetry (CORS). A named origin may send
 * credentials, as {@code navigator.sendBeacon} always does; of any origin ({@code *}) browsers
 * accept none, so it is not told that it may.
 *
 * @param any whether all origins may
 * @param named the whole of an origin in lower case matches one of these
 * @param headers lower case, that requests may have beyond those of OTLP; {@code *} is all
 * @param maxAge how long a browser keeps the answer to its preflight
 */
record CrossOrigin(boolean any, List<Pattern> named, List<String> headers, Duration maxAge) {

  static final CrossOrigin OFF = new CrossOrigin(false, List.of(), List.of(), Duration.ZERO);

  private static final String ANY = "*";
  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[a-z0-9.*:\\[\\]-]+");
  private static final Pattern HEADER = Pattern.compile("\\*|[a-z0-9!#$%&'+.^_`|~-]+");
  private static final String OTLP_HEADERS = "content-type, content-encoding, authorization";
  private static final String VARY_OF_PREFLIGHT =
      "Access-Control-Request-Method, Access-Control-Request-Headers";

  CrossOrigin {
    named = List.copyOf(named);
    headers = List.copyOf(headers);
  }

  /** Reads them; problems stay in the settings. */
  static CrossOrigin from(Settings settings) {
    List<String> origins =
        settings.get(
            "otlp.http.cors.allowed-origins",
            "",
            "none",
            text -> list(text, ORIGIN, "origin", "https://app.example.com, https://*.example.com"),
            "origins whose pages may send telemetry: https://app.example.com, https://*.example.com"
                + " or *, separated by commas");
    return new CrossOrigin(
        origins.contains(ANY),
        origins.stream().filter(origin -> !origin.equals(ANY)).map(CrossOrigin::pattern).toList(),
        settings.get(
            "otlp.http.cors.allowed-headers",
            "",
            "none",
            text -> list(text, HEADER, "header", "x-api-key, x-tenant"),
            "headers these may send beyond %s; * is all".formatted(OTLP_HEADERS)),
        settings.get(
            "otlp.http.cors.max-age",
            "2h",
            Durations::parse,
            "how long a browser keeps what it was told of these"));
  }

  boolean enabled() {
    return any || !named.isEmpty();
  }

  /** Says to the browser that the page may see this response, if it may. */
  void mark(Request request, Response response) {
    if (!enabled()) {
      return;
    }
    HttpFields.Mutable out = response.getHeaders();
    out.ensureField(new HttpField(HttpHeader.VARY, "Origin"));
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null || !allows(origin)) {
      return;
    }
    if (isNamed(origin)) {
      out.put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      out.put(HttpHeader.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    } else {
      out.put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    }
    out.put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after");
  }

  /** The same for the answer to a preflight. */
  void markPreflight(Request request, Response response) {
    mark(request, response);
    HttpFields.Mutable out = response.getHeaders();
    out.add(HttpHeader.VARY, VARY_OF_PREFLIGHT);
    out.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, "POST");
    out.put(
        HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS,
        allowedHeaders(request.getHeaders().get(HttpHeader.ACCESS_CONTROL_REQUEST_HEADERS)));
    out.put(HttpHeader.ACCESS_CONTROL_MAX_AGE, maxAge.toSeconds());
  }

  boolean allows(String origin) {
    return any || isNamed(origin);
  }

  private boolean isNamed(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return named.stream().anyMatch(pattern -> pattern.matcher(lower).matches());
  }

  /** {@code *} stands for letters, digits, dashes and dots: never for the end of a host. */
  private static Pattern pattern(String origin) {
    return Pattern.compile(
        Arrays.stream(origin.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("[a-z0-9.-]+")));
  }

  /** A browser takes {@code *} by its word only without credentials: all that it asks for then. */
  private String allowedHeaders(@Nullable String asked) {
    if (headers.contains(ANY)) {
      return asked == null ? OTLP_HEADERS : asked;
    }
    return headers.isEmpty() ? OTLP_HEADERS : OTLP_HEADERS + ", " + String.join(", ", headers);
  }

  private static List<String> list(String text, Pattern form, String what, String example) {
    List<String> entries = new ArrayList<>();
    for (String entry : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String lower = entry.trim().toLowerCase(Locale.ROOT);
      if (!lower.equals(ANY) && !form.matcher(lower).matches()) {
        throw new IllegalArgumentException(
            "cannot use %s: '%s' (write %s or *)".formatted(what, entry.trim(), example));
      }
      entries.add(lower);
    }
    return entries;
  }
}
