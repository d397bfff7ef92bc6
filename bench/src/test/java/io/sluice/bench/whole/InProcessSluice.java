package io.sluice.bench.whole;

import io.sluice.acceptor.AcceptorService;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Signal;
import io.sluice.writer.WriterService;
import io.sluice.writer.WriterSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A real Acceptor and a real Writer on a data directory, in this process. */
final class InProcessSluice implements AutoCloseable {

  private final WriterService writer;
  private final AcceptorService acceptor;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private boolean crashed;

  /**
   * Returns once what the log held is readable.
   *
   * @param forAcceptor more flags of the Acceptor; WRITER in them is the Writer's address
   */
  InProcessSluice(Path data, String... forAcceptor) throws Exception {
    Settings forWriter =
        Settings.of(
            List.of(
                "--data=" + data,
                "--bind-address=127.0.0.1",
                "--flight.port=0",
                "--writer.admin.port=0",
                "--shards=2",
                "--wal.segment-bytes=4MiB"),
            Map.of(),
            data);
    writer = WriterService.open(WriterSettings.from(forWriter), (part, e) -> died.set(e));
    while (!writer.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--bind-address=127.0.0.1",
                "--otlp.grpc.port=0",
                "--otlp.http.port=0",
                "--acceptor.admin.port=0",
                "--writers=WRITER"));
    for (String flag : forAcceptor) {
      String key = flag.substring(0, flag.indexOf('=') + 1);
      flags.removeIf(usual -> usual.startsWith(key));
      flags.add(flag);
    }
    flags.replaceAll(flag -> flag.replace("WRITER", flight().toString()));
    acceptor = AcceptorService.open(AcceptorSettings.from(Settings.of(flags, Map.of(), data)));
  }

  HostPort flight() {
    return new HostPort("127.0.0.1", writer.port());
  }

  /** Where exporters send to. */
  URI grpc() {
    return URI.create("http://127.0.0.1:" + acceptor.grpcPort());
  }

  /** The same by HTTP. */
  URI http() {
    return URI.create("http://127.0.0.1:" + acceptor.httpPort());
  }

  /** Sends a request as protobuf; the answer's body, once it is answered with 200. */
  CompletableFuture<byte[]> post(Signal signal, byte[] request) {
    return answer(signal, request)
        .thenApply(
            answer -> {
              if (answer.statusCode() != 200) {
                throw new AssertionError(answer.toString());
              }
              return answer.body();
            });
  }

  CompletableFuture<HttpResponse<byte[]>> answer(Signal signal, byte[] request) {
    String version = signal == Signal.PROFILES ? "/v1development/" : "/v1/";
    String path = version + signal.name().toLowerCase(Locale.ROOT);
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + acceptor.httpPort() + path))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** The sum of a counter of the Acceptor, whatever its labels. */
  long counted(String name) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + acceptor.adminPort() + "/metrics");
    return client
        .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(line -> line.startsWith(name + "{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Ends without persisting anything: what is acked is in the log alone. */
  void crash() throws Exception {
    crashed = true;
    acceptor.close();
    writer.abandon();
    check();
  }

  /** Ends as it is meant to: what is acked is persisted. */
  @Override
  public void close() throws Exception {
    if (!crashed) {
      acceptor.close();
      writer.close();
      check();
    }
  }

  private void check() {
    if (died.get() != null) {
      throw new AssertionError(died.get());
    }
  }
}
