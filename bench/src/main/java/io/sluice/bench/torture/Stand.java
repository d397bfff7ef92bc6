package io.sluice.bench.torture;

import io.sluice.bench.harness.Deadline;
import io.sluice.bench.harness.Deployment;
import io.sluice.schema.service.Closer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The services, what hurts them and what loads them. One thread uses it. */
final class Stand implements AutoCloseable {

  /** So that in minutes there are many commits, segments and releases. */
  static final List<String> SETTINGS =
      List.of(
          "--seal.late=4s",
          "--seal.soon=2s",
          "--seal.soon-bytes=1MiB",
          "--read.grace=5s",
          "--read.patience=15s",
          "--checkpoint.every=3s",
          "--wal.segment-bytes=2MiB",
          "--wal.max-bytes=512MiB");

  private static final long POLL_MILLIS = 50;

  private final Deployment box;
  private final Arsenal arsenal;
  private final Loads loads;
  private final FaultLog log;
  private final Closer closer;

  /**
   * @param box runs
   * @param closer closes all of it
   */
  Stand(Deployment box, Arsenal arsenal, Loads loads, FaultLog log, Closer closer) {
    this.box = box;
    this.arsenal = arsenal;
    this.loads = loads;
    this.log = log;
    this.closer = closer;
    log.counting(loads::acked);
  }

  static Stand open(Path directory, TortureOptions options, FaultLog log) throws Exception {
    return options.writers() == 1
        ? BoxStand.open(directory, options, log)
        : ClusterStand.open(directory, options, log);
  }

  Deployment box() {
    return box;
  }

  Arsenal arsenal() {
    return arsenal;
  }

  Loads loads() {
    return loads;
  }

  Availability availability() {
    return new Availability(log)
        .watching("gRPC", loads::ackedOverGrpc, loads::waitingOverGrpc)
        .watching("HTTP", loads::ackedOverHttp, loads::waitingOverHttp)
        .begin();
  }

  /**
   * Returns when all services are ready and both protocols have acked again.
   *
   * @throws IOException they do not in time
   */
  void awaitRecovery(Duration limit) throws Exception {
    Deadline deadline = Deadline.in(limit, Duration.ZERO);
    for (KeptService service : arsenal.services()) {
      if (!service.awaitReady(limit)) {
        throw new IOException(
            "not ready %s after the last fault: %s%n%s".formatted(limit, service, service.tail()));
      }
    }
    long grpc = loads.ackedOverGrpc();
    long http = loads.ackedOverHttp();
    while (loads.ackedOverGrpc() == grpc || loads.ackedOverHttp() == http) {
      loads.check();
      deadline.check("an ack after the last fault");
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Stops all as an operator does. */
  void stop() throws IOException, InterruptedException {
    for (KeptService service : arsenal.services()) {
      service.close();
    }
    try {
      box.stop();
    } catch (IOException e) {
      log.found(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() throws IOException {
    closer.close();
  }
}
