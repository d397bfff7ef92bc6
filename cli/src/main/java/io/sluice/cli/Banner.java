package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code up} says once all is ready: where things are, and lines to paste. */
final class Banner {

  private final CommonSettings settings;
  private final @Nullable Path certificate;

  /**
   * @param certificate of the OTLP ports; null if they are plain
   */
  Banner(CommonSettings settings, @Nullable Path certificate) {
    this.settings = settings;
    this.certificate = certificate;
  }

  void print(PrintStream out) {
    String admin =
        "%s (acceptor), %s (writer): /metrics /status /livez /readyz"
            .formatted(
                url("http", settings.acceptorAdminPort()), url("http", settings.writerAdminPort()));
    String scheme = certificate == null ? "http" : "https";
    String grpc = url(scheme, settings.otlpGrpcPort());
    out.println("Sluice " + VersionCommand.version() + " on " + settings.data());
    line(out, "OTLP/gRPC", grpc);
    line(out, "OTLP/HTTP", url(scheme, settings.otlpHttpPort()));
    line(out, "Flight", url("grpc", settings.flightPort()));
    line(out, "admin", admin);
    line(
        out,
        "tables",
        url("http", settings.writerAdminPort()) + " (Iceberg REST catalog, to read only)");
    line(out, "warehouse", settings.warehouse());
    line(out, "logs", settings.data().resolve("logs").toString());
    out.println();
    String export = "export OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_ENDPOINT=" + grpc;
    if (certificate == null) {
      out.println(export);
      out.printf("./sluice load --signal all --rate 1000 --seconds 10 --endpoint %s%n", grpc);
    } else {
      out.println(export + " OTEL_EXPORTER_OTLP_CERTIFICATE=" + certificate.toAbsolutePath());
    }
    out.printf(
        "./sluice sql%s \"SELECT service_name, count(*) FROM traces GROUP BY 1\"%n", sqlFlags());
    out.println();
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("  %-10s %s%n", name, value);
  }

  private String url(String scheme, int port) {
    return scheme + "://" + Box.at(settings, port);
  }

  /**
   * Whatever is not as a command without flags takes it to be, from wherever it came: a variable
   * that was set here is not set in another terminal.
   */
  private String sqlFlags() {
    CommonSettings usual = CommonSettings.from(Settings.defaults());
    CommonSettings unmoved = CommonSettings.in(settings.data());
    StringBuilder flags = new StringBuilder();
    add(flags, "data", settings.data(), usual.data());
    add(flags, "warehouse", settings.warehouse(), unmoved.warehouse());
    add(flags, "catalog.uri", settings.catalogUri(), unmoved.catalogUri());
    add(flags, "writers", list(settings), list(usual));
    return flags.toString();
  }

  private static void add(StringBuilder flags, String key, Object value, Object usual) {
    if (!value.equals(usual)) {
      flags.append(' ').append(quoted("--" + key + "=" + Secrets.mask(key, value.toString())));
    }
  }

  private static String list(CommonSettings settings) {
    return settings.writers().stream().map(HostPort::toString).collect(Collectors.joining(","));
  }

  /** As a shell reads it. */
  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
