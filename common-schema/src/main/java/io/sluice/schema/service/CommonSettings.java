package io.sluice.schema.service;

import java.nio.file.Path;
import java.util.List;

/**
 * What both services, and the tools that look for them, need to know.
 *
 * @param data the directory that holds everything of this box: log, warehouse, catalog
 * @param warehouse where the tables' files are: {@code file:///...} or {@code s3://...}, a plain
 *     string to Iceberg and its readers: nothing in it is percent-encoded
 * @param raftPort where Writers reach each other, if logs are on several
 * @param writers where Writers are found, by services and tools: the same for all, in one order
 * @param zones of the Writers, in that order; empty if each is a zone of its own
 * @param writerId of this Writer; one of several ends in its place in that order, from 0
 * @param replicationFactor on how many Writers each log is
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
    int raftPort,
    List<HostPort> writers,
    List<String> zones,
    String writerId,
    int replicationFactor,
    int logs,
    boolean stopOnStdinClose) {

  public static final String OTLP_GRPC_PORT = "otlp.grpc.port";
  public static final String OTLP_HTTP_PORT = "otlp.http.port";
  public static final String FLIGHT_PORT = "flight.port";
  public static final String ACCEPTOR_ADMIN_PORT = "acceptor.admin.port";
  public static final String WRITER_ADMIN_PORT = "writer.admin.port";
  public static final String RAFT_PORT = "raft.port";

  private static final int NO_PLACE = -1;

  public CommonSettings {
    writers = List.copyOf(writers);
    zones = List.copyOf(zones);
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
    int factor =
        settings.get(
            "replication-factor",
            "1",
            CommonSettings::factor,
            "on how many Writers a record is kept, 1 or 3; with 3 it is acknowledged once two have it");
    CommonSettings common =
        new CommonSettings(
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
                ACCEPTOR_ADMIN_PORT,
                "4319",
                Parsers::port,
                "admin port of the Acceptor: /metrics ..."),
            settings.get(
                WRITER_ADMIN_PORT, "4320", Parsers::port, "admin port of the Writer: /metrics ..."),
            settings.get(
                RAFT_PORT, "8816", Parsers::port, "port by which Writers reach each other's logs"),
            settings.get(
                "writers",
                new HostPort(bindAddress.reachable(), flightPort).toString(),
                "<bind-address>:<flight.port>",
                HostPort::parseList,
                "where Writers are found: host:port, ... of writer-0, writer-1, ...; the same for all; a number, to `up` and the tools: so many on this machine"),
            settings.get(
                "writers.zones",
                "",
                "none",
                Parsers::list,
                "zones of the Writers, in their order: copies of a log are in different ones"),
            settings.get(
                "writer.id",
                "writer-0",
                CommonSettings::id,
                "name of this Writer; one of several ends in its place in writers, from 0"),
            factor,
            settings.get(
                "logs",
                Integer.toString(factor),
                "1, or 3 with replication-factor 3",
                Parsers.integer(1, 1024),
                "logs of the cluster; chosen once, never changed"),
            settings.get(
                "stop-on-stdin-close",
                "false",
                Parsers::bool,
                "stop when standard input ends, as the children of `sluice up` do"));
    common.requireTogether(settings);
    return common;
  }

  private void requireTogether(Settings settings) {
    int count = writers.size();
    settings.require(
        count == 1 || place() != NO_PLACE,
        "cannot use writer.id: '%s' (one of several Writers ends in its place in writers, from 0: writer-0)"
            .formatted(writerId));
    settings.require(
        count == 1 || place() < count,
        "cannot use writer.id: '%s' (writers has %d: %s-0 to %s-%d)"
            .formatted(writerId, count, prefix(), prefix(), count - 1));
    settings.require(
        writers.stream().distinct().count() == count,
        "cannot use writers: %s (one is there twice)".formatted(writers));
    settings.require(
        replicationFactor <= count,
        "cannot use replication-factor %d: writers has %d (name them all, as host:port, ...)"
            .formatted(replicationFactor, count));
    settings.require(
        zones.isEmpty() || zones.size() == count,
        "cannot use writers.zones: it has %d, writers has %d (name the zone of each)"
            .formatted(zones.size(), count));
  }

  /** This Writer's place in {@link #writers}. */
  public int ordinal() {
    return writers.size() == 1 ? 0 : place();
  }

  /** Which Writers hold which logs when the cluster is founded; with one copy, for ever. */
  public Placement placement() {
    return Placement.of(logs, writers.size(), zones, replicationFactor);
  }

  /** Whether logs are on more than one Writer. */
  public boolean isReplicated() {
    return replicationFactor > 1;
  }

  private int place() {
    String digits = writerId.substring(writerId.lastIndexOf('-') + 1);
    return digits.length() < writerId.length() && digits.matches("0|[1-9][0-9]{0,5}")
        ? Integer.parseInt(digits)
        : NO_PLACE;
  }

  private String prefix() {
    return writerId.substring(0, Math.max(0, writerId.lastIndexOf('-')));
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

  private static int factor(String text) {
    return Integer.parseInt(Parsers.oneOf("1", "3").apply(text));
  }

  private static String id(String text) {
    if (text.matches("[a-z0-9][a-z0-9_.-]{0,62}")) {
      return text;
    }
    throw new IllegalArgumentException(
        "cannot use name: '%s' (lower-case letters, digits, - _ . up to 63)".formatted(text));
  }
}
