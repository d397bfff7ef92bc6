package io.sluice.schema.service;

import java.nio.file.Path;
import java.util.List;

/**
 * What both services, and the tools that look for them, need to know.
 *
 * @param data the directory that holds everything of this box: log, warehouse, catalog
 * @param warehouse where the tables' files are: {@code file:///...} or {@code s3://...}, a plain
 *     string to Iceberg and its readers: nothing in it is percent-encoded
 * @param writers where Writers are found, by services and tools
 * @param logs how many logs the cluster has; chosen once
 */
public record CommonSettings(
    Path data,
    String warehouse,
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
    settings.require(
        data.toString().indexOf('?') < 0,
        "cannot use data directory: %s (SQLite would take what follows the ? for settings)"
            .formatted(data));
    BindAddress bindAddress =
        settings.get(
            "bind-address",
            BindAddress.LOOPBACK,
            BindAddress::parse,
            "address to listen on; loopback is 127.0.0.1 and ::1, * is all");
    int flightPort =
        settings.get(FLIGHT_PORT, "8815", Parsers::port, "Arrow Flight port of the Writer");
    return new CommonSettings(
        data,
        settings.get(
            "warehouse",
            "file://" + data.resolve("warehouse"),
            "file://<data>/warehouse",
            Parsers::location,
            "where the tables' files are: file:///absolute/path or s3://bucket/prefix, as it is, never percent-encoded"),
        settings.get(
            "catalog.uri",
            "jdbc:sqlite:" + data.resolve("catalog.db"),
            "jdbc:sqlite:<data>/catalog.db",
            CommonSettings::catalog,
            "Iceberg catalog: jdbc:sqlite:FILE, jdbc:postgresql://HOST,HOST/DATABASE?..., or https://... of a REST catalog"),
        bindAddress,
        settings.get(OTLP_GRPC_PORT, "4317", Parsers::port, "OTLP/gRPC port of the Acceptor"),
        settings.get(OTLP_HTTP_PORT, "4318", Parsers::port, "OTLP/HTTP port of the Acceptor"),
        flightPort,
        settings.get(
            ACCEPTOR_ADMIN_PORT, "4319", Parsers::port, "admin port of the Acceptor: /metrics ..."),
        settings.get(
            WRITER_ADMIN_PORT, "4320", Parsers::port, "admin port of the Writer: /metrics ..."),
        settings.get(
            "writers",
            new HostPort(bindAddress.reachable(), flightPort).toString(),
            "<bind-address>:<flight.port>",
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

  /** What they are where nothing but the data directory is given. */
  public static CommonSettings in(Path data) {
    return from(Settings.ofFlags(List.of("--data=" + data)));
  }

  private static String catalog(String text) {
    if (text.matches("jdbc:(sqlite|postgresql):.+|https?://.+")) {
      return text;
    }
    throw new IllegalArgumentException(
        "cannot use catalog: '%s' (jdbc:sqlite:FILE, jdbc:postgresql://... or https://...)"
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
