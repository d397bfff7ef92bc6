package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadCredentials;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.ReadTicket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Loads of one box for a figure, each with records of its own, each audited. */
final class BoxLoad {

  private static final int CONNECTIONS = 8;
  private static final int BATCH = 512;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWERS = Duration.ofSeconds(60);
  private static final AtomicLong RUNS = new AtomicLong();

  private final SluiceBox box;
  private final URI endpoint;
  private final CheckedLoad checked;

  BoxLoad(SluiceBox box) {
    this(box, box.grpc(), LoadCredentials.NONE);
  }

  BoxLoad(SluiceBox box, URI endpoint, LoadCredentials credentials) {
    this.box = box;
    this.endpoint = endpoint;
    this.checked = new CheckedLoad(box, credentials, ReadTicket.DEFAULT_TENANT);
  }

  /**
   * Requests of 512 records over 8 connections.
   *
   * @param rate records a second; 0 = as fast as they are acked
   */
  LoadOptions options(Signal signal, double rate, double seconds) {
    return options(signal, rate, seconds, CONNECTIONS);
  }

  LoadOptions options(Signal signal, double rate, double seconds, int connections) {
    long run = RUNS.incrementAndGet();
    return new LoadOptions(
        Set.of(signal),
        rate,
        Duration.ofMillis((long) (seconds * 1_000)),
        Long.MAX_VALUE,
        connections,
        false,
        endpoint,
        run,
        run,
        BATCH,
        box.directory().resolve("acks-" + run),
        false,
        TIMEOUT,
        ANSWERS);
  }

  /** Loads with spans by this door, and audits. */
  LoadReport traces(boolean http, boolean gzip, double rate, double seconds) throws Exception {
    LoadOptions grpc = options(Signal.TRACES, rate, seconds);
    return measured(
        new LoadOptions(
            grpc.signals(),
            grpc.rate(),
            grpc.length(),
            grpc.requests(),
            grpc.connections(),
            http,
            http ? box.http() : grpc.endpoint(),
            grpc.run(),
            grpc.seed(),
            grpc.batch(),
            grpc.audit(),
            gzip,
            grpc.timeout(),
            grpc.grace()));
  }

  /** Loads with spans, and audits. */
  LoadReport traces(double rate, double seconds) throws Exception {
    return measured(options(Signal.TRACES, rate, seconds));
  }

  /** Loads, and audits. */
  LoadReport measured(LoadOptions options) throws Exception {
    LoadReport report = checked.send(options);
    checked.audit(options, report);
    return report;
  }

  /** Loads; {@link #measured} audits, too. */
  LoadReport send(LoadOptions options) throws Exception {
    return checked.send(options);
  }

  /** See {@link CheckedLoad#audit}. */
  void audit(LoadOptions options, LoadReport report) throws Exception {
    checked.audit(options, report);
  }

  /** See {@link CheckedLoad#settle}. */
  void settle() throws Exception {
    checked.settle();
  }
}
