package io.sluice.bench.torture;

import io.sluice.bench.harness.Deployment;
import io.sluice.bench.harness.LoadRun;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.bench.torture.sdk.SdkExporters;
import io.sluice.bench.torture.sdk.SdkLoad;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is sent: over each protocol the load generator, which sends until it is answered, and the
 * OpenTelemetry SDK, which gives up as it does. One thread uses it; counts are anybody's.
 */
final class Loads implements AutoCloseable {

  private static final double SDK_SHARE = 0.1;
  private static final int PROTOCOLS = 2;
  private static final int SDK_SIGNALS = 2;
  private static final int CONNECTIONS = 3;
  private static final int BATCH = 50;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration OVERTIME = Duration.ofMinutes(15);
  private static final Duration GRACE = Duration.ofMinutes(5);

  private final LoadRun grpc;
  private final LoadRun http;
  private final SdkLoad sdkGrpc;
  private final SdkLoad sdkHttp;
  private final List<Path> notes = new ArrayList<>();
  private final List<LoadReport> reports = new ArrayList<>();

  private Loads(Deployment box, TortureOptions options) throws IOException {
    SplittableRandom runs = new SplittableRandom();
    double sdkRate = options.rate() * SDK_SHARE / PROTOCOLS / SDK_SIGNALS;
    this.grpc = LoadRun.start(load(box, options, false, runs.nextLong()));
    this.http = LoadRun.start(load(box, options, true, runs.nextLong()));
    this.sdkGrpc =
        new SdkLoad(
            SdkExporters.grpc(box.grpc()), sdkRate, runs.nextLong(), notes(box, "sdk-grpc"));
    this.sdkHttp =
        new SdkLoad(
            SdkExporters.http(box.http()), sdkRate, runs.nextLong(), notes(box, "sdk-http"));
  }

  /** Returns when each has been acked something. */
  static Loads start(Deployment box, TortureOptions options) throws Exception {
    Loads loads = new Loads(box, options);
    loads.grpc.awaitFirstAck();
    loads.http.awaitFirstAck();
    return loads;
  }

  private LoadOptions load(Deployment box, TortureOptions options, boolean http, long run) {
    URI endpoint = http ? box.http() : box.grpc();
    return new LoadOptions(
        Signal.stable(),
        options.rate() * (1 - SDK_SHARE) / PROTOCOLS,
        options.length().plus(OVERTIME),
        Long.MAX_VALUE,
        CONNECTIONS,
        http,
        endpoint,
        run,
        options.seed(),
        BATCH,
        notes(box, http ? "http" : "grpc"),
        http,
        TIMEOUT,
        GRACE);
  }

  private Path notes(Deployment box, String name) {
    Path file = box.directory().resolve(name + ".acks");
    notes.add(file);
    return file;
  }

  /** The audit files. */
  List<Path> notes() {
    return List.copyOf(notes);
  }

  long acked() {
    return ackedOverGrpc() + ackedOverHttp();
  }

  long ackedOverGrpc() {
    return grpc.ackedNow() + sdkGrpc.counts().acked();
  }

  long ackedOverHttp() {
    return http.ackedNow() + sdkHttp.counts().acked();
  }

  /** How long the generator's oldest request has been under way; 0 if none is. */
  long waitingOverGrpc() {
    return grpc.waitingNanos();
  }

  long waitingOverHttp() {
    return http.waitingNanos();
  }

  /** Throws what a load failed with. */
  void check() throws Exception {
    grpc.check();
    http.check();
  }

  /** Makes nothing more, and waits until what was made is answered or given up. */
  void finish(FaultLog log) throws Exception {
    grpc.finish();
    http.finish();
    for (LoadRun load : List.of(grpc, http)) {
      LoadReport report = load.report();
      reports.add(report);
      if (report.refused() > 0) {
        log.found(
            "%d records were refused for good: %s".formatted(report.refused(), report.lastError()));
      }
      if (report.unknown() > 0) {
        log.found(
            "%d records were never answered, though all faults were over: %s"
                .formatted(report.unknown(), report.lastError()));
      }
    }
    sdkGrpc.close();
    sdkHttp.close();
  }

  /** Once they are finished. */
  void print(PrintStream out) {
    List<String> names = List.of("generator over gRPC", "generator over HTTP");
    for (int i = 0; i < reports.size(); i++) {
      LoadReport report = reports.get(i);
      out.printf(
          "%s: acked %d records, %d retries, failed attempts %s%n",
          names.get(i), report.acked(), report.retries(), report.errors());
    }
    out.println("SDK over gRPC: " + sdkGrpc.counts());
    out.println("SDK over HTTP: " + sdkHttp.counts());
  }

  @Override
  public void close() {
    grpc.close();
    http.close();
  }
}
