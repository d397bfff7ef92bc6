package io.sluice.bench.fuzz;

import io.sluice.acceptor.AcceptorService;
import io.sluice.acceptor.AcceptorSettings;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.ReadTicket;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An Acceptor in this process, small limits, and a Writer that only remembers. */
final class InProcessAcceptor implements Victim {

  /** Small, so that bombs are. */
  static final int LARGEST_REQUEST = 4 << 20;

  private static final long MOST_DIRECT = 512L << 20;

  private final RecordingWriter writer = new RecordingWriter();
  private final AcceptorService acceptor;

  InProcessAcceptor() throws Exception {
    Settings settings =
        Settings.of(
            List.of(
                "--bind-address=127.0.0.1",
                "--otlp.grpc.port=0",
                "--otlp.http.port=0",
                "--acceptor.admin.port=0",
                "--otlp.max-request-size=" + LARGEST_REQUEST,
                "--otlp.max-in-flight=64MiB",
                "--writers=" + writer.address()),
            Map.of(),
            Path.of("no-such-directory"));
    AcceptorSettings of = AcceptorSettings.from(settings);
    settings.check();
    acceptor = AcceptorService.open(of);
  }

  @Override
  public int httpPort() {
    return acceptor.httpPort();
  }

  @Override
  public int grpcPort() {
    return acceptor.grpcPort();
  }

  @Override
  public int adminPort() {
    return acceptor.adminPort();
  }

  @Override
  public void requireStoredOnce(NeighbourRequest request) throws Finding {
    BatchId body = BatchId.ofBody(request.body(), 0, request.body().length);
    BatchId batch =
        BatchId.of(ReadTicket.DEFAULT_TENANT, Table.TRACES, BatchId.Encoding.PROTOBUF, 0, body);
    int rows = writer.rows(batch);
    if (rows != NeighbourRequest.SPANS) {
      throw new Finding("a neighbour's request was acked with %d rows stored".formatted(rows));
    }
  }

  @Override
  public void requireSound() throws Finding {
    if (direct() > MOST_DIRECT) {
      throw new Finding("direct memory has grown to " + direct() + " bytes");
    }
  }

  @Override
  public String memory() {
    return ", direct %d MiB".formatted(direct() >> 20);
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Override
  public void close() throws Exception {
    acceptor.close();
    writer.close();
  }
}
