package io.sluice.bench.figures;

import io.sluice.bench.harness.Deadline;
import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.Timing;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Template;
import io.sluice.query.ReadException;
import io.sluice.query.WriterStatus;
import io.sluice.query.Writers;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code traces} as they arrive, and measures for each span of a run how long ago its request
 * was made. All on a thread of its own, which owns the latencies until it has ended.
 */
final class FollowReader implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RunKeys keys;
  private final Timing timing = Timing.system();
  private final BufferAllocator allocator = new RootAllocator();
  private final FlightClient client;
  private final FlightStream stream;
  private final Latencies latencies = new Latencies();
  private volatile @Nullable RuntimeException failure;
  private volatile long read;
  private final CountDownLatch open = new CountDownLatch(1);
  private final Thread thread = new Thread(this::read, "follow");

  private FollowReader(HostPort writer, long run) throws ReadException {
    this.keys = new RunKeys(run);
    this.client =
        FlightClient.builder(allocator, Location.forGrpcInsecure(writer.host(), writer.port()))
            .build();
    ReadTicket ticket =
        new ReadTicket(
            ReadTicket.DEFAULT_TENANT,
            Table.TRACES,
            after(writer),
            List.of("trace_id", "span_id", "start_time_unix_nano"),
            null,
            null,
            true);
    this.stream = client.getStream(new Ticket(ticket.toJson()));
  }

  /** What is there already is not measured. */
  private Map<UUID, Long> after(HostPort writer) throws ReadException {
    try (Writers writers = Writers.at(List.of(writer), allocator)) {
      WriterStatus status = writers.status(writer);
      return Map.of(UUID.fromString(status.log().id()), status.log().applied());
    }
  }

  static FollowReader start(HostPort writer, long run) throws ReadException {
    FollowReader reader = new FollowReader(writer, run);
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  /**
   * Waits until the Writer has answered.
   *
   * @throws IOException it does not in time
   */
  void awaitOpen() throws IOException, InterruptedException {
    if (!open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("cannot follow: no answer in " + PATIENCE);
    }
  }

  /**
   * Waits until so many spans were read, or the read has ended.
   *
   * @throws IOException they do not come in time
   */
  void awaitCount(long spans) throws IOException, InterruptedException {
    Deadline end = Deadline.in(PATIENCE, Duration.ZERO);
    while (read < spans && failure == null) {
      end.check("all %d spans, only of %d, in a following read".formatted(spans, read));
      Thread.sleep(1);
    }
  }

  /**
   * Ends the read; what came until then.
   *
   * @throws IllegalStateException the Writer ended it before
   * @throws IOException it does not end in time
   */
  Latencies latencies() throws IOException, InterruptedException {
    if (failure != null) {
      throw new IllegalStateException("cannot follow", failure);
    }
    stream.cancel("measured", null);
    thread.join(PATIENCE.toMillis());
    if (thread.isAlive()) {
      throw new IOException("cannot end the following read in " + PATIENCE);
    }
    return latencies;
  }

  private void read() {
    try {
      stream.getSchema();
      open.countDown();
      while (stream.next()) {
        batch(stream.getRoot(), timing.epochNanos());
      }
    } catch (RuntimeException e) {
      failure = e;
      open.countDown();
    }
  }

  private void batch(VectorSchemaRoot root, long now) {
    VarCharVector traceId = (VarCharVector) root.getVector("trace_id");
    VarCharVector spanId = (VarCharVector) root.getVector("span_id");
    BigIntVector start = (BigIntVector) root.getVector("start_time_unix_nano");
    for (int i = 0; i < root.getRowCount(); i++) {
      OptionalLong key = keys.ofSpan(text(traceId, i), text(spanId, i));
      if (key.isPresent()) {
        long made = Template.madeAt(start.get(i), RunKeys.ordinal(key.getAsLong()));
        latencies.add(now - made);
      }
    }
    read = latencies.count();
  }

  private static String text(VarCharVector vector, int index) {
    return new String(vector.get(index), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try (allocator;
        client) {
      stream.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close the read", e);
    }
  }
}
