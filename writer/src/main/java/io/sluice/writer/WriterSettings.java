package io.sluice.writer;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeSettings;
import io.sluice.lake.maintain.MaintenanceSettings;
import io.sluice.lake.maintain.ScheduleSettings;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.TelemetrySettings;
import io.sluice.wal.WalConfig;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.serve.FlightLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Every setting of a Writer.
 *
 * @param tls of the Flight, admin and Raft ports
 * @param access who may call, and what this service shows to other Writers
 * @param wal of log 0
 * @param memoryBytes budget of the rows held in memory; beyond it puts are refused, retryable
 * @param intakeBytes budget of messages that are read and not yet applied
 * @param grace how long persisted rows stay readable here
 * @param patience how long a reader may take nothing
 * @param flight what clients of the Flight port may ask for
 * @param parkAfter a table that will not take its rows for so long gets them a place of their own
 * @param parkBytes budget of the rows of such tables; beyond it their puts are refused, retryable
 * @param electionTimeout of replicated logs
 * @param returnLeadsAfter a Writer that is well for so long gets the leads that are placed on it
 * @param dedupBatches how many batch ids are remembered at most
 */
public record WriterSettings(
    CommonSettings common,
    TelemetrySettings telemetry,
    TlsSettings tls,
    AccessSettings access,
    LakeConfig lake,
    WalConfig wal,
    long memoryBytes,
    long intakeBytes,
    SealPolicy seal,
    Duration grace,
    Duration patience,
    FlightLimits flight,
    Duration dedupWindow,
    int dedupBatches,
    int shards,
    EventTime eventTime,
    int persistThreads,
    Duration parkAfter,
    long parkBytes,
    Duration checkpointEvery,
    Duration electionTimeout,
    Duration returnLeadsAfter,
    MaintenanceSettings maintenance,
    ScheduleSettings schedule) {

  private static final int GROUP_BYTES = 4 << 20;

  /** Reads them; problems stay in the settings. */
  public static WriterSettings from(Settings settings) {
    CommonSettings common = CommonSettings.from(settings);
    return new WriterSettings(
        common,
        TelemetrySettings.from(settings),
        tls(settings, common),
        AccessSettings.from(settings, common.data()),
        LakeSettings.from(settings, common),
        wal(settings, LogPaths.of(common.data(), 0).records()),
        bytes(settings, "memory.max-bytes", "1GiB", "memory for rows; beyond it puts are refused"),
        bytes(settings, "intake.max-bytes", "128MiB", "bytes read and not yet applied, at most"),
        seal(settings),
        settings.get(
            "read.grace", "60s", Durations::parse, "how long persisted rows stay readable here"),
        settings.get("read.patience", "5m", Durations::parse, "how long a reader may take nothing"),
        FlightLimits.from(settings),
        settings.get(
            "dedup.window", "15m", Durations::parse, "how long a request's repeat is recognised"),
        settings.get(
            "dedup.max-batches",
            "4000000",
            Parsers.integer(1000, 100_000_000),
            "batch ids remembered at most, of each log; 62 bytes each"),
        settings.get("shards", "1", Parsers.integer(1, 256), "files a day and table is split into"),
        eventTime(settings),
        settings.get(
            "persist.threads",
            "1",
            Parsers.integer(1, 64),
            "tables persisted at the same time; one that takes over 10 s does not count"),
        settings.get(
            "park.after",
            "10m",
            Durations::parse,
            "a table stuck for so long no longer keeps the log, or at once if that is half full"),
        bytes(
            settings,
            "park.max-bytes",
            "1GiB",
            "owed to stuck tables by each log; beyond it they refuse"),
        settings.get(
            "checkpoint.every",
            "30s",
            Durations::parse,
            "how often the log is released, at most, unless it grew by 512MiB"),
        settings.get(
            "raft.election-timeout",
            "600ms",
            Durations::parse,
            "a Writer that hears nothing of a log's leader for so long, or twice that, asks to lead"),
        settings.get(
            "raft.return-leads-after",
            "30s",
            Durations::parse,
            "a Writer that was away gets the leads that are placed on it when it has been well for so long"),
        MaintenanceSettings.from(settings),
        ScheduleSettings.from(settings).of(common.ordinal()));
  }

  /** Replicas know each other by nothing but their certificates. */
  private static TlsSettings tls(Settings settings, CommonSettings common) {
    TlsSettings tls = TlsSettings.from(settings);
    settings.require(
        !common.isReplicated() || !tls.serves() || tls.files().authorities() != null,
        "cannot use tls.certificate with replication-factor %d without tls.ca (give the file with those who certify Writers)"
            .formatted(common.replicationFactor()));
    AccessSettings.from(settings, common.data()).requireSafe(settings, common.bindAddress(), tls);
    return tls;
  }

  /** Of one of the logs that are on this Writer's disk alone. */
  public WalConfig wal(int number) {
    return new WalConfig(
        LogPaths.of(common.data(), number).records(),
        wal.segmentBytes(),
        wal.maxBytes(),
        wal.maxGroupBytes(),
        wal.maxSpares());
  }

  private static WalConfig wal(Settings settings, Path directory) {
    long segment =
        bytes(
            settings,
            "wal.segment-bytes",
            "64MiB",
            "size of a log segment, multiple of 4KiB; of a log with three copies at most 16MiB");
    long most = bytes(settings, "wal.max-bytes", "10GiB", "disk budget of each log");
    try {
      int spares = (int) Math.min(Integer.MAX_VALUE, most / segment); // all that were live
      return new WalConfig(directory, segment, most, GROUP_BYTES, spares);
    } catch (IllegalArgumentException e) {
      settings.require(false, String.valueOf(e.getMessage()));
      return WalConfig.of(directory, 10L << 30);
    }
  }

  private static SealPolicy seal(Settings settings) {
    return new SealPolicy(
        bytes(settings, "seal.bytes", "128MiB", "a table's rows are persisted from here"),
        bytes(settings, "seal.soon-bytes", "32MiB", "or from here, after seal.soon"),
        settings.get("seal.soon", "60s", Durations::parse, "see seal.soon-bytes"),
        settings.get("seal.late", "5m", Durations::parse, "or after this, however few"));
  }

  private static EventTime eventTime(Settings settings) {
    Duration past =
        settings.get(
            "time.max-past", "7d", Durations::parse, "an older event time is not believed");
    Duration future =
        settings.get(
            "time.max-future", "1h", Durations::parse, "an event time further ahead is not either");
    try {
      return new EventTime(past, future);
    } catch (IllegalArgumentException e) {
      settings.require(false, String.valueOf(e.getMessage()));
      return EventTime.DEFAULT;
    }
  }

  private static long bytes(Settings settings, String key, String fallback, String doc) {
    return settings.get(key, fallback, ByteSize::parse, doc).bytes();
  }
}
