package io.sluice.acceptor;

import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.ForwardLimits;
import io.sluice.acceptor.receive.HttpEdge;
import io.sluice.acceptor.receive.Identity;
import io.sluice.acceptor.receive.ReceiveLimits;
import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.security.TenantLimits;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.security.TlsSettings;
import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.TelemetrySettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the Acceptor. Made once, in main; nothing else reads the environment.
 *
 * @param tls between the services, and of the admin port
 * @param otlpTls files of the OTLP ports; null if they are plain
 * @param access who may send, and what this service shows to Writers
 * @param threads that decompress, decode and gather
 * @param memory off the heap, for columns on their way
 * @param tenantsMax how many may send
 * @param limits of what each may send
 * @param drain how long requests in flight have when the Acceptor stops
 */
public record AcceptorSettings(
    CommonSettings common,
    TelemetrySettings telemetry,
    TlsSettings tls,
    @Nullable TlsFiles otlpTls,
    AccessSettings access,
    ReceiveLimits receive,
    HttpEdge http,
    DecodeLimits decode,
    Identity identity,
    ForwardLimits forward,
    int threads,
    ByteSize memory,
    Duration drain,
    int tenantsMax,
    TenantLimits limits) {

  /** Columns are up to twice the request, and a request has a quarter of the memory. */
  private static final long MEMORY_PER_REQUEST_BYTE = 8;

  /** Reads them; problems stay in the settings. */
  public static AcceptorSettings from(Settings settings) {
    CommonSettings common = CommonSettings.from(settings);
    TlsSettings tls = TlsSettings.from(settings);
    TlsFiles otlpTls = TlsSettings.otlp(settings, tls).orElse(null);
    AccessSettings access = AccessSettings.from(settings, common.data());
    access.requireSafe(settings, common.bindAddress(), tls);
    access.requireSafe(settings, common.bindAddress(), otlpTls);
    ReceiveLimits receive = ReceiveLimits.from(settings);
    HttpEdge http = HttpEdge.from(settings);
    DecodeLimits decode = decode(settings);
    Identity identity = Identity.from(settings);
    ForwardLimits forward = ForwardLimits.from(settings);
    int threads =
        settings.get(
            "acceptor.threads",
            Integer.toString(Math.max(2, Runtime.getRuntime().availableProcessors())),
            "processors, at least 2",
            Parsers.integer(1, 1_024),
            "threads that decompress, decode and gather");
    ByteSize memory = memory(settings, receive);
    Duration drain =
        settings.get(
            "acceptor.drain",
            "10s",
            Durations::parse,
            "how long requests in flight have when the Acceptor stops");
    return new AcceptorSettings(
        common,
        TelemetrySettings.from(settings),
        tls,
        otlpTls,
        access,
        receive,
        http,
        decode.within(memory.bytes()),
        identity,
        forward,
        threads,
        memory,
        drain,
        AccessSettings.tenantsMax(settings),
        AccessSettings.limits(settings));
  }

  private static DecodeLimits decode(Settings settings) {
    DecodeLimits limits = DecodeLimits.DEFAULT;
    return new DecodeLimits(
        settings.get(
            "otlp.max-records",
            Integer.toString(limits.records()),
            Parsers.integer(1, Integer.MAX_VALUE),
            "most records of one request"),
        limits.columnBytes(),
        limits.partBytes(),
        limits.expandedBytes(),
        settings.get(
            "otlp.max-value-levels",
            Integer.toString(limits.valueLevels()),
            Parsers.integer(1, 256),
            "levels of an attribute's value beyond which its record is rejected"));
  }

  /** Less, and a request that may be sent would be told for ever that there is no memory now. */
  private static ByteSize memory(Settings settings, ReceiveLimits receive) {
    ByteSize memory =
        settings.get(
            "acceptor.memory",
            "2GiB",
            ByteSize::parse,
            "most memory off the heap for columns on their way to the Writer");
    ByteSize least = new ByteSize(MEMORY_PER_REQUEST_BYTE * receive.maxRequestBytes());
    settings.require(
        memory.bytes() >= least.bytes(),
        "cannot use acceptor.memory: %s (at least %s, %d times otlp.max-request-size)"
            .formatted(memory, least, MEMORY_PER_REQUEST_BYTE));
    return memory;
  }
}
