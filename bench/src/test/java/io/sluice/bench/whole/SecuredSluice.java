package io.sluice.bench.whole;

import io.sluice.acceptor.AcceptorService;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterService;
import io.sluice.writer.WriterSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** An Acceptor and a Writer that are told the same of certificates and tokens. */
final class SecuredSluice implements AutoCloseable {

  private final WriterService writer;
  private final AcceptorService acceptor;

  SecuredSluice(Path data, List<String> flags) throws Exception {
    writer =
        WriterService.open(
            WriterSettings.from(settings(data, flags, "--flight.port=0", "--writer.admin.port=0")),
            (part, e) -> {
              throw new AssertionError(part, e);
            });
    while (!writer.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    acceptor =
        AcceptorService.open(
            AcceptorSettings.from(
                settings(
                    data,
                    flags,
                    "--otlp.grpc.port=0",
                    "--otlp.http.port=0",
                    "--acceptor.admin.port=0",
                    "--writers=" + flight())));
  }

  private static Settings settings(Path data, List<String> flags, String... own) throws Exception {
    List<String> all = new ArrayList<>(List.of("--data=" + data, "--bind-address=127.0.0.1"));
    all.addAll(flags);
    all.addAll(List.of(own));
    Settings settings = Settings.of(all, Map.of(), data);
    AcceptorSettings.from(settings);
    WriterSettings.from(settings);
    settings.check();
    return Settings.of(all, Map.of(), data);
  }

  HostPort flight() {
    return new HostPort("127.0.0.1", writer.port());
  }

  int grpc() {
    return acceptor.grpcPort();
  }

  int http() {
    return acceptor.httpPort();
  }

  int acceptorAdmin() {
    return acceptor.adminPort();
  }

  int writerAdmin() {
    return writer.adminPort();
  }

  @Override
  public void close() throws Exception {
    acceptor.close();
    writer.close();
  }
}
