package io.sluice.bench.whole;

import io.grpc.InsecureChannelCredentials;
import io.sluice.acceptor.AcceptorService;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.bench.audit.AuditTarget;
import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Settings;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.WriterService;
import io.sluice.writer.WriterSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Three Writers with three copies of each log, and an Acceptor, in this process. */
final class InProcessCluster implements AutoCloseable {

  private static final int WRITERS = 3;
  private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

  private final Path directory;
  private final List<HostPort> flight = new ArrayList<>();
  private final List<Integer> raft = new ArrayList<>();
  private final List<@Nullable WriterService> writers = new ArrayList<>();
  private final AcceptorService acceptor;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Throwable> died = new CopyOnWriteArrayList<>();

  InProcessCluster(Path directory) throws Exception {
    this.directory = directory;
    for (int i = 0; i < WRITERS; i++) {
      flight.add(new HostPort("127.0.0.1", FreePorts.one()));
      raft.add(FreePorts.one());
      writers.add(null);
    }
    for (int i = 0; i < WRITERS; i++) {
      start(i);
    }
    acceptor =
        AcceptorService.open(
            AcceptorSettings.from(
                given(
                    "--otlp.grpc.port=0",
                    "--otlp.http.port=0",
                    "--acceptor.admin.port=0",
                    "--data=" + directory)));
  }

  private Settings given(String... own) throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--bind-address=127.0.0.1",
                "--writers=%s,%s,%s".formatted(flight.get(0), flight.get(1), flight.get(2)),
                "--replication-factor=3",
                "--warehouse=file://" + directory.resolve("warehouse"),
                "--catalog.uri=jdbc:sqlite:" + directory.resolve("catalog.db")));
    flags.addAll(List.of(own));
    return Settings.of(flags, Map.of(), directory);
  }

  private WriterSettings settings(int writer) throws Exception {
    return WriterSettings.from(
        given(
            "--data=" + directory.resolve("writer-" + writer),
            "--writer.id=writer-" + writer,
            "--flight.port=" + flight.get(writer).port(),
            "--raft.port=" + raft.get(writer),
            "--writer.admin.port=0",
            "--checkpoint.every=100ms",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=256MiB"));
  }

  int writers() {
    return WRITERS;
  }

  private void start(int writer) throws Exception {
    writers.set(writer, WriterService.open(settings(writer), (part, e) -> died.add(e)));
  }

  /** As an operator does, or Kubernetes: nothing is done before all say that it may be. */
  void restart(int writer) throws Exception {
    awaitReplicas();
    running(writer).close();
    start(writer);
  }

  /** Until the next Writer may be stopped. */
  void awaitReplicas() throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (int i = 0; i < WRITERS; i++) {
      String says = replicas(i);
      while (!says.equals("ready\n")) {
        if (System.nanoTime() > end) {
          throw new AssertionError("Writer %d: %s".formatted(i, says));
        }
        LockSupport.parkNanos(1_000_000);
        says = replicas(i);
      }
    }
  }

  private String replicas(int writer) throws Exception {
    URI page =
        URI.create("http://127.0.0.1:%d/readyz/replicas".formatted(running(writer).adminPort()));
    return http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private WriterService running(int writer) {
    WriterService running = writers.get(writer);
    if (running == null) {
      throw new IllegalStateException("Writer %d was not started".formatted(writer));
    }
    return running;
  }

  URI grpc() {
    return URI.create("http://127.0.0.1:" + acceptor.grpcPort());
  }

  URI http() {
    return URI.create("http://127.0.0.1:" + acceptor.httpPort());
  }

  AuditTarget target() throws Exception {
    WriterSettings any = settings(0);
    return AuditTarget.of(
        any.lake(),
        any.common(),
        InsecureChannelCredentials.create(),
        ReadTicket.DEFAULT_TENANT,
        Duration.ofMinutes(1));
  }

  List<Throwable> died() {
    return List.copyOf(died);
  }

  @Override
  public void close() throws Exception {
    acceptor.close();
    for (WriterService writer : writers) {
      if (writer != null) {
        writer.abandon();
      }
    }
  }
}
