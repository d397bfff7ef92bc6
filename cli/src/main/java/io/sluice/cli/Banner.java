package io.sluice.cli;

import io.sluice.schema.security.TlsFile;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code up} says once all is ready: where things are, and lines to paste. */
final class Banner {

  private final CommonSettings settings;
  private final List<BoxWriter> writers;
  private final TlsSettings tls;
  private final @Nullable TlsFiles otlp;
  private final boolean tokens;

  /**
   * @param settings that all services share
   * @param tls of all other ports
   * @param otlp files of the OTLP ports; null if they are plain
   * @param tokens whether exporters have to show one
   */
  Banner(
      CommonSettings settings,
      List<BoxWriter> writers,
      TlsSettings tls,
      @Nullable TlsFiles otlp,
      boolean tokens) {
    this.settings = settings;
    this.writers = List.copyOf(writers);
    this.tls = tls;
    this.otlp = otlp;
    this.tokens = tokens;
  }

  void print(PrintStream out) {
    String scheme = otlp == null ? "http" : "https";
    String grpc = url(scheme, settings.otlpGrpcPort());
    out.println("Sluice " + VersionCommand.version() + " on " + settings.data());
    line(out, "OTLP/gRPC", grpc);
    line(out, "OTLP/HTTP", url(scheme, settings.otlpHttpPort()));
    line(
        out, "Flight", all(writer -> url(tls.serves() ? "grpc+tls" : "grpc", writer.flightPort())));
    String admin = tls.serves() ? "https" : "http";
    line(out, "page", page(admin));
    line(out, "admin", admin(admin));
    line(
        out,
        "tables",
        url(admin, settings.writerAdminPort()) + " (Iceberg REST catalog, to read only)");
    line(out, "warehouse", settings.warehouse());
    line(out, "logs", settings.data().resolve("logs").toString());
    if (writers.size() > 1) {
      line(out, "cluster", cluster());
    }
    out.println();
    String export = "export OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_ENDPOINT=" + grpc;
    if (tokens) {
      out.println(
          "# tokens are asked for: OTEL_EXPORTER_OTLP_HEADERS=\"authorization=Bearer TOKEN\"");
    }
    if (otlp == null) {
      out.println(export);
      out.printf("./sluice load --signal all --rate 1000 --seconds 10 --endpoint %s%n", grpc);
    } else {
      out.println(export + " OTEL_EXPORTER_OTLP_CERTIFICATE=" + believed(otlp).toAbsolutePath());
    }
    out.printf(
        "./sluice sql%s \"SELECT service_name, count(*) FROM traces GROUP BY 1\"%n", sqlFlags());
    out.println();
  }

  private String page(String scheme) {
    return "%s (writer), %s (acceptor): how they are, live in a browser"
        .formatted(
            all(writer -> url(scheme, writer.writerAdminPort())),
            url(scheme, settings.acceptorAdminPort()));
  }

  private String admin(String scheme) {
    return "%s (acceptor), %s (writer): /metrics /status /livez /readyz"
        .formatted(
            url(scheme, settings.acceptorAdminPort()),
            all(writer -> url(scheme, writer.writerAdminPort())));
  }

  /** What a client has to believe: who signed the certificate, or, if that is not said, it. */
  private Path believed(TlsFiles files) {
    TlsFile authorities = tls.files().authorities();
    TlsFile own = Objects.requireNonNull(files.certificate());
    return authorities != null && own.equals(tls.files().certificate())
        ? authorities.path()
        : own.path();
  }

  private String all(Function<CommonSettings, String> url) {
    return writers.stream()
        .map(writer -> url.apply(writer.settings().common()))
        .collect(Collectors.joining(" "));
  }

  private String cluster() {
    String copies =
        settings.isReplicated()
            ? "a record is acked once two Writers have it"
            : "a record is on one Writer";
    return "%d Writers, %d logs; %s".formatted(writers.size(), settings.logs(), copies);
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
    if (writers.size() > 1) {
      add(flags, "bind-address", settings.bindAddress(), usual.bindAddress());
      add(flags, CommonSettings.FLIGHT_PORT, settings.flightPort(), usual.flightPort());
      add(flags, "writers", writers.size(), 0);
    } else {
      add(flags, "writers", list(settings), list(usual));
    }
    add(flags, tls.files().certificate());
    add(flags, tls.files().key());
    add(flags, tls.files().authorities());
    return flags.toString();
  }

  private static void add(StringBuilder flags, @Nullable TlsFile file) {
    if (file != null) {
      add(flags, file.setting(), file.path(), "");
    }
  }

  private static void add(StringBuilder flags, String key, Object value, Object usual) {
    if (!value.equals(usual)) {
      flags
          .append(' ')
          .append(ShellWord.quoted("--" + key + "=" + Secrets.mask(key, value.toString())));
    }
  }

  private static String list(CommonSettings settings) {
    return settings.writers().stream().map(HostPort::toString).collect(Collectors.joining(","));
  }
}
