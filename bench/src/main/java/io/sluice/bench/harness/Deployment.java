package io.sluice.bench.harness;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Writers and an Acceptor, each a process, on a directory and ports of their own. */
public interface Deployment extends AutoCloseable {

  /** Starts all, and returns when all are ready. */
  void start() throws IOException, InterruptedException;

  /** In the order in which the Acceptor knows them. */
  List<ServiceProcess> writers();

  ServiceProcess acceptor();

  /** Where audit files go. */
  Path directory();

  URI grpc();

  URI http();

  /** The Acceptor's /status page. */
  URI acceptorStatus();

  /** Where the Writers are reached from here, in their order. */
  List<HostPort> flights();

  /** How the audit finds the tables. */
  AuditTarget target();

  /**
   * Stops the Acceptor first, then the Writers, as {@code sluice up} does.
   *
   * @throws IOException one does not end, or not with exit code 0
   */
  void stop() throws IOException, InterruptedException;

  @Override
  void close();
}
