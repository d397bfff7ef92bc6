package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code up} says once all is ready: where things are, and lines to paste. */
final class Banner {

  private static final Set<String> FOR_SQL =
      Set.of("config", "data", "warehouse", "catalog.uri", "flight.port", "writers");

  private final CommonSettings settings;
  private final List<String> flags;

  /**
   * For a box.
   *
   * @param flags as given to {@code up}: the commands to paste need some of them as well
   */
  Banner(CommonSettings settings, List<String> flags) {
    this.settings = settings;
    this.flags = List.copyOf(flags);
  }

  void print(PrintStream out) {
    String http = "http://" + Box.reachable(settings) + ":";
    String flight = "grpc://" + Box.reachable(settings) + ":" + settings.flightPort();
    String admin =
        "%s%d (acceptor), %s%d (writer): /metrics /status /readyz"
            .formatted(http, settings.acceptorAdminPort(), http, settings.writerAdminPort());
    out.println("Sluice " + VersionCommand.version() + " on " + settings.data());
    line(out, "OTLP/gRPC", http + settings.otlpGrpcPort());
    line(out, "OTLP/HTTP", http + settings.otlpHttpPort());
    line(out, "Flight", flight);
    line(out, "admin", admin);
    line(out, "warehouse", settings.warehouse().toString());
    line(out, "logs", settings.data().resolve("logs").toString());
    out.println();
    out.printf(
        "export OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_ENDPOINT=%s%d%n",
        http, settings.otlpGrpcPort());
    out.printf(
        "./sluice load --signal all --rate 1000 --seconds 10 --endpoint %s%d%n",
        http, settings.otlpGrpcPort());
    out.printf(
        "./sluice sql%s \"SELECT service_name, count(*) FROM traces GROUP BY 1\"%n",
        flags(FOR_SQL));
    out.println();
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("  %-10s %s%n", name, value);
  }

  private String flags(Set<String> keys) {
    return flags.stream()
        .filter(flag -> keys.contains(flag.substring(2, flag.indexOf('='))))
        .map(flag -> " " + quoted(flag))
        .collect(Collectors.joining());
  }

  /** As a shell reads it. */
  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
