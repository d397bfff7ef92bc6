package io.sluice.bench.harness;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Writer and an Acceptor on a directory and ports of their own. One thread uses it. */
public final class SluiceBox implements AutoCloseable {

  private static final int PORTS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path directory;
  private final List<Integer> ports;
  private final ServiceProcess writer;
  private final ServiceProcess acceptor;

  /**
   * Makes them, without starting them.
   *
   * @param directory of data and of what they print; must exist
   * @param writerSettings more flags for the Writer
   */
  public SluiceBox(Path directory, List<String> writerSettings) throws IOException {
    this.directory = directory.toAbsolutePath();
    this.ports = freePorts();
    List<String> writerFlags = new ArrayList<>();
    writerFlags.add("--data=" + data());
    writerFlags.add("--flight.port=" + ports.get(2));
    writerFlags.add("--writer.admin.port=" + ports.get(3));
    writerFlags.addAll(writerSettings);
    this.writer =
        new ServiceProcess(
            "io.sluice.writer.Main",
            List.of("-Xms64m", "-Xmx1g", "-XX:MaxDirectMemorySize=2g"),
            writerFlags,
            ports.get(3),
            this.directory.resolve("writer.log"));
    this.acceptor =
        new ServiceProcess(
            "io.sluice.acceptor.Main",
            List.of("-Xms64m", "-Xmx768m", "-XX:MaxDirectMemorySize=1g"),
            List.of(
                "--data=" + data(),
                "--otlp.grpc.port=" + ports.get(0),
                "--otlp.http.port=" + ports.get(1),
                "--writers=" + flight(),
                "--acceptor.admin.port=" + ports.get(4)),
            ports.get(4),
            this.directory.resolve("acceptor.log"));
  }

  /** Starts both and waits until both are ready. */
  public void start() throws IOException, InterruptedException {
    Files.createDirectories(data());
    writer.start();
    writer.awaitReady();
    acceptor.start();
    acceptor.awaitReady();
  }

  public ServiceProcess writer() {
    return writer;
  }

  public ServiceProcess acceptor() {
    return acceptor;
  }

  /** The directory of log, warehouse and catalog. */
  public Path data() {
    return directory.resolve("data");
  }

  /** Where audit files go. */
  public Path directory() {
    return directory;
  }

  public URI grpc() {
    return URI.create("http://127.0.0.1:" + ports.get(0));
  }

  public URI http() {
    return URI.create("http://127.0.0.1:" + ports.get(1));
  }

  public HostPort flight() {
    return new HostPort("127.0.0.1", ports.get(2));
  }

  /** How the audit finds the tables. */
  public AuditTarget target() {
    return new AuditTarget(
        "jdbc:sqlite:" + data().resolve("catalog.db"),
        "file://" + data().resolve("warehouse"),
        List.of(flight()),
        ReadTicket.DEFAULT_TENANT,
        PATIENCE);
  }

  /** Ports that were free a moment ago; all are held until the last is known. */
  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<Integer> found = new ArrayList<>();
      for (int i = 0; i < PORTS; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        found.add(socket.getLocalPort());
      }
      return found;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Stops the Acceptor first, then the Writer, as `sluice up` does. */
  public void stop() throws IOException, InterruptedException {
    acceptor.stop();
    writer.stop();
  }

  @Override
  public void close() {
    acceptor.close();
    writer.close();
  }
}
