package io.sluice.acceptor.forward;

import com.github.luben.zstd.Zstd;
import io.grpc.InsecureChannelCredentials;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.acceptor.FakeWriter;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.acceptor.route.LogRoutes;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.WireSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** A real forwarder, fed with decoded spans. */
final class ForwarderHarness implements AutoCloseable {

  private final BufferAllocator allocator = new RootAllocator();
  private final ColumnsPool pool = new ColumnsPool(allocator, 1, 4, 1 << 20);
  private final RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT);
  private final Telemetry telemetry = new Telemetry("test");
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Forwarder forwarder;
  private int freed;
  private boolean closed;

  ForwarderHarness(HostPort writer, ForwardLimits limits) {
    this(1, List.of(writer), limits, 256 << 20);
  }

  ForwarderHarness(int logs, List<HostPort> writers, ForwardLimits limits, long most) {
    forwarder =
        new Forwarder(
            routes(logs, writers),
            limits,
            most,
            InsecureChannelCredentials.create(),
            telemetry,
            pool,
            workers,
            timer,
            System::nanoTime);
  }

  /** Log n is looked for at the n-th Writer first. */
  private static LogRoutes routes(int logs, List<HostPort> writers) {
    List<List<HostPort>> candidates = new ArrayList<>();
    for (int log = 0; log < logs; log++) {
      List<HostPort> order = new ArrayList<>(writers);
      Collections.rotate(order, -(log % writers.size()));
      candidates.add(order);
    }
    return new LogRoutes(candidates);
  }

  BatchId id(long seed) {
    return new BatchId(7, seed);
  }

  /** Spans named {@code seed-0}, {@code seed-1} and so on, as one batch. */
  CompletableFuture<Delivery> forward(long seed, int rows, long millis) {
    return forward("default", seed, rows, millis);
  }

  CompletableFuture<Delivery> forward(String tenant, long seed, int rows, long millis) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < rows; i++) {
      scope.addSpans(Span.newBuilder().setName(seed + "-" + i));
    }
    byte[] request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
            .build()
            .toByteArray();
    Decoded.Part part = decoder.decode(Signal.TRACES, request, 0, request.length).parts().get(0);
    return forwarder.forward(
        new Batch(
            id(seed),
            tenant,
            part.columns(),
            seed,
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis),
            () -> free(part)));
  }

  private synchronized void free(Decoded.Part part) {
    pool.give(part.columns());
    freed++;
    notifyAll();
  }

  synchronized int freed() {
    return freed;
  }

  synchronized void awaitFreed(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (freed < count) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("freed " + freed + " of " + count);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** The span names of a message, read by Arrow's own reader. */
  List<String> names(FakeWriter.Put put) throws IOException {
    byte[] body = new byte[put.body().remaining()];
    put.body().duplicate().get(body);
    if (put.metadata().zstd()) {
      body = Zstd.decompress(body, (int) Zstd.getFrameContentSize(body));
    }
    ByteBuffer header = ByteBuffer.allocate(put.header().remaining());
    header.put(put.header().duplicate()).flip();
    RecordBatch batch = (RecordBatch) Message.getRootAsMessage(header).header(new RecordBatch());
    List<String> names = new ArrayList<>();
    try (BufferAllocator own = allocator.newChildAllocator("reader", 0, Long.MAX_VALUE);
        VectorSchemaRoot root = VectorSchemaRoot.create(WireSchema.of(Table.TRACES), own);
        ArrowBuf buffer = own.buffer(Math.max(1, body.length))) {
      buffer.writeBytes(body);
      try (ArrowRecordBatch rows =
          MessageSerializer.deserializeRecordBatch(batch, retained(buffer))) {
        new VectorLoader(root).load(rows);
      }
      VarCharVector column = (VarCharVector) root.getVector("name");
      for (int i = 0; i < root.getRowCount(); i++) {
        names.add(column.getObject(i).toString());
      }
    }
    return names;
  }

  private static ArrowBuf retained(ArrowBuf buffer) {
    buffer.getReferenceManager().retain();
    return buffer;
  }

  /** The sum of a counter's lines whose labels contain all of these. */
  double counter(String name, String... labels) throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    telemetry.write(page);
    return page.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Waits until a counter is at least that much. */
  void awaitCounter(String name, double least) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (counter(name) < least) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("%s: %f".formatted(name, counter(name)));
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Waits until there are connections to so many Writers. */
  void awaitConnected(int writers) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (forwarder.connected() != writers) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(forwarder.connected() + " connected");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  boolean reachable() {
    return forwarder.reachable();
  }

  void closeForwarder() {
    forwarder.close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    forwarder.close();
    workers.shutdown();
    timer.shutdownNow();
    decoder.close();
    pool.close();
    telemetry.close();
    allocator.close();
  }
}
