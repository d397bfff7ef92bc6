package io.sluice.bench.figures;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Templates;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/** One request of a signal, to be decoded again and again. One thread uses it. */
final class DecodeWork implements AutoCloseable {

  private static final long EPOCH_NANOS = 1_795_000_000_123_456_789L;
  private static final int IDLE_PER_TABLE = 4;

  private final Signal signal;
  private final byte[] request;
  private final BufferAllocator allocator = new RootAllocator();
  private final ColumnsPool pool = new ColumnsPool(allocator, 7, IDLE_PER_TABLE, Long.MAX_VALUE);
  private final RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT);

  DecodeWork(Signal signal, int records) {
    this(
        signal,
        Templates.of(Set.of(signal), records, 42, EPOCH_NANOS)
            .of(signal, 0)
            .fill(new RunKeys(42), 0, 0, EPOCH_NANOS));
  }

  private DecodeWork(Signal signal, byte[] request) {
    this.signal = signal;
    this.request = request;
  }

  /** The same request in other scripts: {@link ForeignText}. */
  DecodeWork foreign() throws IOException {
    return new DecodeWork(signal, ForeignText.of(parse()).toByteArray());
  }

  int bytes() {
    return request.length;
  }

  /** Ours: wire bytes to columns. Returns the rows. */
  long decode() {
    Decoded decoded = decoder.decode(signal, request, 0, request.length);
    decoded.parts().forEach(part -> pool.give(part.columns()));
    return decoded.records();
  }

  /**
   * The reference: wire bytes to protobuf-java's objects, and no further. The caller lets the
   * result escape without looking into it: to look would be work that is not asked for.
   */
  Message parse() throws IOException {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.parseFrom(request);
      case LOGS -> ExportLogsServiceRequest.parseFrom(request);
      case METRICS -> ExportMetricsServiceRequest.parseFrom(request);
      case PROFILES -> ExportProfilesServiceRequest.parseFrom(request);
    };
  }

  /** Bytes of the record batches that the request becomes: the same are sent and logged. */
  long messageBytes() throws IOException {
    Counting counting = new Counting();
    Decoded decoded = decoder.decode(signal, request, 0, request.length);
    for (Decoded.Part part : decoded.parts()) {
      try (ArrowRecordBatch batch = part.columns().toRecordBatch();
          WriteChannel out = new WriteChannel(Channels.newChannel(counting))) {
        MessageSerializer.serialize(out, batch);
      }
      pool.give(part.columns());
    }
    return counting.bytes;
  }

  @Override
  public void close() {
    decoder.close();
    pool.close();
    allocator.close();
  }

  private static final class Counting extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int off, int len) {
      bytes += len;
    }
  }
}
