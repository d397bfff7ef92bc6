package io.sluice.acceptor;

import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.ForwardLimits;
import io.sluice.acceptor.receive.ReceiveLimits;
import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.time.Duration;

/**
 * Every setting of the Acceptor. Made once, in main; nothing else reads the environment.
 *
 * @param threads that decompress, decode and gather
 * @param memory off the heap, for columns on their way
 * @param drain how long requests in flight have when the Acceptor stops
 */
public record AcceptorSettings(
    CommonSettings common,
    ReceiveLimits receive,
    DecodeLimits decode,
    ForwardLimits forward,
    int threads,
    ByteSize memory,
    Duration drain) {

  /** Reads them; problems stay in the settings. */
  public static AcceptorSettings from(Settings settings) {
    DecodeLimits decode = DecodeLimits.DEFAULT;
    return new AcceptorSettings(
        CommonSettings.from(settings),
        ReceiveLimits.from(settings),
        new DecodeLimits(
            settings.get(
                "otlp.max-records",
                Integer.toString(decode.records()),
                Parsers.integer(1, Integer.MAX_VALUE),
                "most records of one request"),
            decode.columnBytes(),
            decode.partBytes(),
            decode.expandedBytes(),
            settings.get(
                "otlp.max-value-levels",
                Integer.toString(decode.valueLevels()),
                Parsers.integer(1, 256),
                "levels of an attribute's value beyond which its record is rejected")),
        ForwardLimits.from(settings),
        settings.get(
            "acceptor.threads",
            Integer.toString(Math.max(2, Runtime.getRuntime().availableProcessors())),
            "processors, at least 2",
            Parsers.integer(1, 1_024),
            "threads that decompress, decode and gather"),
        settings.get(
            "acceptor.memory",
            "2GiB",
            ByteSize::parse,
            "most memory off the heap for columns on their way to the Writer"),
        settings.get(
            "acceptor.drain",
            "10s",
            Durations::parse,
            "how long requests in flight have when the Acceptor stops"));
  }
}
