package io.sluice.query.flightsql;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.query.ReadSettings;
import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.TelemetrySettings;
import java.time.Duration;

/**
 * Every setting of the SQL endpoint. Made once, in main.
 *
 * @param port that speaks Flight SQL
 * @param adminPort of its metrics
 * @param connections at once
 */
public record FlightSqlSettings(
    CommonSettings common,
    TelemetrySettings telemetry,
    LakeConfig lake,
    ReadSettings reading,
    TlsSettings tls,
    AccessSettings access,
    int port,
    int adminPort,
    int connections,
    StatementLimits limits) {

  static final String PORT = "flight-sql.port";
  static final String ADMIN_PORT = "flight-sql.admin.port";

  private static final Duration KEPT = Duration.ofHours(1);
  private static final Duration UNREAD = Duration.ofMinutes(1);
  private static final Duration UNTAKEN = Duration.ofMinutes(1);

  /** Reads them; problems stay in the settings. */
  public static FlightSqlSettings from(Settings settings) {
    CommonSettings common = CommonSettings.from(settings);
    TlsSettings tls = TlsSettings.from(settings);
    AccessSettings access = AccessSettings.from(settings, common.data());
    access.requireSafe(settings, common.bindAddress(), tls);
    return new FlightSqlSettings(
        common,
        TelemetrySettings.from(settings),
        LakeSettings.from(settings, common),
        ReadSettings.from(settings),
        tls,
        access,
        settings.get(PORT, "32010", Parsers::port, "Arrow Flight SQL port, for JDBC, ADBC ..."),
        settings.get(
            ADMIN_PORT, "4321", Parsers::port, "admin port of the SQL endpoint: /metrics ..."),
        settings.get(
            "flight-sql.max-connections",
            "256",
            Parsers.integer(1, 1_000_000),
            "connections to the SQL endpoint at once; one more is closed"),
        limits(settings));
  }

  /** Bytes that all statements may take outside the heap: in DuckDB, and for rows on their way. */
  public long statementBytes() {
    return 2 * limits.memory() * limits.statements();
  }

  private static StatementLimits limits(Settings settings) {
    int statements =
        settings.get(
            "flight-sql.max-statements",
            "8",
            Parsers.integer(1, 10_000),
            "statements at once, until their last row is taken; one more is refused");
    int ofCaller =
        settings.get(
            "flight-sql.max-statements-per-caller",
            "6",
            Parsers.integer(1, 10_000),
            "the same of one token, or, without tokens and for services, of one address");
    int prepared =
        settings.get(
            "flight-sql.max-prepared",
            "1000",
            Parsers.integer(1, 1_000_000),
            "prepared statements kept at once; the one not used for longest goes, and each after an hour");
    Duration time =
        settings.get(
            "flight-sql.max-time",
            "5m",
            Durations::parse,
            "how long a statement may take, until its last row is taken");
    ByteSize memory =
        settings.get(
            "flight-sql.statement-memory",
            "256MiB",
            ByteSize::parse,
            "memory of a statement in DuckDB, and as much again for its rows on their way");
    ByteSize disk =
        settings.get(
            "flight-sql.statement-disk",
            "1GiB",
            ByteSize::parse,
            "disk of a statement in java.io.tmpdir, for what does not fit into memory");
    int threads =
        settings.get(
            "flight-sql.statement-threads",
            "2",
            Parsers.integer(1, 1_024),
            "threads that run a statement");
    settings.require(
        memory.bytes() >= 1 << 20,
        "cannot use flight-sql.statement-memory: %s (at least 1MiB)".formatted(memory));
    return new StatementLimits(
        statements,
        ofCaller,
        prepared,
        KEPT,
        time,
        UNREAD,
        UNTAKEN,
        memory.bytes(),
        disk.bytes(),
        threads);
  }
}
