package io.sluice.cli;

import io.grpc.TlsChannelCredentials;
import io.sluice.query.replay.Target;
import io.sluice.schema.security.Tls;
import io.sluice.schema.security.TlsFile;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.service.CannotStartException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay goes, as it was asked for. Nothing of this deployment's own is shown there, no
 * token and no certificate: it may be anybody's.
 */
final class ReplayTarget {

  private static final int GRPC_PORT = 4317;
  private static final int HTTP_PORT = 4318;
  private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /** As OTLP exporters call them. */
  enum Protocol {
    GRPC("grpc"),
    HTTP("http/protobuf");

    private final String label;

    Protocol(String label) {
      this.label = label;
    }

    static Protocol named(String text) {
      for (Protocol each : values()) {
        if (each.label.equals(text)) {
          return each;
        }
      }
      throw new IllegalArgumentException(
          "cannot use protocol: %s (grpc or http/protobuf)".formatted(text));
    }
  }

  /**
   * Reads it.
   *
   * @param protocol null: what the port says, and gRPC if it says nothing
   * @param headers each {@code name=value}
   * @param authorities a PEM file with whom to believe; null: whom the JDK does
   * @throws IllegalArgumentException it makes no sense; the sentence says what does
   */
  static Target of(
      String to,
      @Nullable String protocol,
      List<String> headers,
      @Nullable Path authorities,
      boolean gzip) {
    URI uri = uri(to);
    boolean http =
        protocol == null
            ? uri.getPort() == HTTP_PORT || uri.getPath().length() > 1
            : Protocol.named(protocol) == Protocol.HTTP;
    if (!http && uri.getPath().length() > 1) {
      throw new IllegalArgumentException(
          "cannot use endpoint: %s (gRPC has no path: %s)".formatted(to, uri.getPath()));
    }
    URI endpoint = http || uri.getPort() > 0 ? uri : URI.create(uri + ":" + GRPC_PORT);
    Tls tls = authorities == null ? null : tls(authorities);
    return new Target(
        endpoint,
        http,
        tls == null ? TlsChannelCredentials.create() : tls.client(),
        tls == null ? null : tls.context(),
        headers(headers),
        gzip);
  }

  private static URI uri(String to) {
    try {
      URI uri = new URI(to.replaceFirst("/+$", ""));
      boolean scheme = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (scheme
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw noEndpoint(to, e);
    }
    throw noEndpoint(to, null);
  }

  private static IllegalArgumentException noEndpoint(String to, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "cannot use endpoint: %s (write it as http://HOST:4317 for gRPC, http://HOST:4318 for HTTP, or https://)"
            .formatted(to),
        cause);
  }

  private static Tls tls(Path authorities) {
    try {
      return Tls.read(new TlsFiles(null, null, new TlsFile("--ca", authorities)));
    } catch (CannotStartException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Map<String, String> headers(List<String> given) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String each : given) {
      int equals = each.indexOf('=');
      String name = each.substring(0, Math.max(0, equals)).strip().toLowerCase(Locale.ROOT);
      String value = each.substring(equals + 1).strip();
      if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
        // what stands behind the name may be a secret
        throw new IllegalArgumentException(
            "cannot use header: %s (write it as name=value, in ASCII)"
                .formatted(equals < 0 ? "it has no =" : "'" + name + "'"));
      }
      headers.put(name, value);
    }
    return headers;
  }

  private ReplayTarget() {}
}
