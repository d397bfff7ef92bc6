package io.sluice.schema.service;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What both services, and the tools that look for them, need to know.
 *
 * @param data the directory that holds everything of this box: log, warehouse, catalog
 * @param warehouse where the tables' files are: {@code file:///...}
 * @param writers where Writers are found, by services and tools
 * @param logs how many logs the cluster has; chosen once
 */
public record CommonSettings(
    Path data,
    URI warehouse,
    String catalogUri,
    BindAddress bindAddress,
    int otlpGrpcPort,
    int otlpHttpPort,
    int flightPort,
    int acceptorAdminPort,
    int writerAdminPort,
    List<HostPort> writers,
    String writerId,
    int logs,
    int replicationFactor,
    boolean stopOnStdinClose) {

  public static final String OTLP_GRPC_PORT = "otlp.grpc.port";
  public static final String OTLP_HTTP_PORT = "otlp.http.port";
  public static final String FLIGHT_PORT = "flight.port";
  public static final String ACCEPTOR_ADMIN_PORT = "acceptor.admin.port";
  public static final String WRITER_ADMIN_PORT = "writer.admin.port";

  public CommonSettings {
    writers = List.copyOf(writers);
  }

  /** Reads them; problems stay in the settings. */
  public static CommonSettings from(Settings settings) {
    Path data =
        settings.get(
            "data", "data", "./data", Parsers::path, "directory of log, warehouse and catalog");
    int flightPort =
        settings.get(FLIGHT_PORT, "8815", Parsers::port, "Arrow Flight port of the Writer");
    return new CommonSettings(
        data,
        settings.get(
            "warehouse",
            directoryUri(data.resolve("warehouse")),
            "file://<data>/warehouse",
            Parsers::uri,
            "where the tables' files are: file:///absolute/path"),
        settings.get(
            "catalog.uri",
            "jdbc:sqlite:" + data.resolve("catalog.db"),
            "jdbc:sqlite:<data>/catalog.db",
            CommonSettings::catalog,
            "Iceberg catalog: jdbc:sqlite:FILE or jdbc:postgresql://..."),
        settings.get(
            "bind-address",
            BindAddress.LOOPBACK,
            BindAddress::parse,
            "address to listen on; loopback is 127.0.0.1 and ::1, * is all"),
        settings.get(OTLP_GRPC_PORT, "4317", Parsers::port, "OTLP/gRPC port of the Acceptor"),
        settings.get(OTLP_HTTP_PORT, "4318", Parsers::port, "OTLP/HTTP port of the Acceptor"),
        flightPort,
        settings.get(
            ACCEPTOR_ADMIN_PORT, "4319", Parsers::port, "admin port of the Acceptor: /metrics ..."),
        settings.get(
            WRITER_ADMIN_PORT, "4320", Parsers::port, "admin port of the Writer: /metrics ..."),
        settings.get(
            "writers",
            "127.0.0.1:" + flightPort,
            "127.0.0.1:<flight.port>",
            HostPort::parseList,
            "where Writers are found: host:port, ..."),
        settings.get("writer.id", "writer-0", CommonSettings::id, "name of this Writer"),
        settings.get(
            "logs",
            "1",
            Parsers.integer(1, 1024),
            "logs of the cluster; chosen once, never changed"),
        settings.get(
            "replication-factor",
            "1",
            Parsers.integer(1, 1),
            "on how many Writers a record is before it is acknowledged"),
        settings.get(
            "stop-on-stdin-close",
            "false",
            Parsers::bool,
            "stop when standard input ends, as the children of `sluice up` do"));
  }

  private static String directoryUri(Path directory) {
    String uri = directory.toUri().toString(); // file:///..., with a slash if it exists
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  private static String catalog(String text) {
    if (text.matches("jdbc:(sqlite|postgresql):.+")) {
      return text;
    }
    throw new IllegalArgumentException(
        "cannot use catalog: '%s' (jdbc:sqlite:FILE or jdbc:postgresql://...)"
            .formatted(Secrets.mask("", text)));
  }

  private static String id(String text) {
    if (text.matches("[a-z0-9][a-z0-9_.-]{0,62}")) {
      return text;
    }
    throw new IllegalArgumentException(
        "cannot use name: '%s' (lower-case letters, digits, - _ . up to 63)".formatted(text));
  }
}
