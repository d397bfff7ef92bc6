package io.sluice.bench.fuzz;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.schema.otlp.RowsToOtlp;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.WireSchema;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/** A decoder and all that its memory comes from. One thread uses it. */
final class DecoderUnderTest {

  private static final long RECEIVED_MICROS = 1_760_000_100_000_000L;
  private static final int BEFORE = 3;
  private static final int BEHIND = 13;
  private static final byte POISON = 0x7f;

  /** Columns of a row with next to nothing in it, and what a pool and its buffers begin with. */
  private static final long BYTES_PER_BYTE = 400;

  private static final long BYTES_AT_LEAST = 16L << 20;
  private static final byte[] SMALL = small();

  private final RootAllocator allocator = new RootAllocator();
  private final ColumnsPool pool = new ColumnsPool(allocator, 42, 4, 8L << 20);
  private final RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT);
  private final byte[] expected = rows();
  private long peakBefore;
  private long allocatedBefore;

  private static byte[] small() {
    Span span = Span.newBuilder().setName("next").setStartTimeUnixNano(1).build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }

  /** Decodes the bytes from the middle of an array, so that what is read outside them shows. */
  Decoded decode(Signal signal, byte[] request) {
    byte[] framed = new byte[BEFORE + request.length + BEHIND];
    Arrays.fill(framed, POISON);
    System.arraycopy(request, 0, framed, BEFORE, request.length);
    return decoder.decode(signal, framed, BEFORE, request.length);
  }

  void give(Decoded decoded) {
    decoded.parts().forEach(part -> pool.give(part.columns()));
  }

  /** The rows as they would be read, back in OTLP. */
  byte[] back(WireColumns columns) {
    try (VectorSchemaRoot wire =
            VectorSchemaRoot.create(WireSchema.of(columns.table()), allocator);
        ArrowRecordBatch batch = columns.toRecordBatch();
        RowExpander expander = new RowExpander(columns.table(), allocator)) {
      new VectorLoader(wire).load(batch);
      int rows = columns.rows();
      WireBatch of =
          new WireBatch(
              columns.table(),
              wire,
              new int[] {rows},
              new long[] {RECEIVED_MICROS},
              EventTime.DEFAULT);
      expander.append(of, 0, rows, Long.MAX_VALUE);
      return new RowsToOtlp(columns.table()).request(expander.finish());
    }
  }

  /** A good request is decoded as ever, whatever came before it. */
  void checkNext() throws Finding {
    if (!Arrays.equals(rows(), expected)) {
      throw new Finding("the next request is decoded otherwise than before");
    }
  }

  private byte[] rows() {
    Decoded decoded = decode(Signal.TRACES, SMALL);
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    try (ArrowRecordBatch batch = decoded.parts().get(0).columns().toRecordBatch()) {
      for (ArrowBuf buffer : batch.getBuffers()) {
        byte[] bytes = new byte[(int) buffer.readableBytes()];
        buffer.getBytes(0, bytes);
        rows.writeBytes(bytes);
      }
    }
    give(decoded);
    return rows.toByteArray();
  }

  /** From here on memory is counted. */
  void beginGrowth() {
    peakBefore = allocator.getPeakMemoryAllocation();
    allocatedBefore = allocator.getAllocatedMemory();
  }

  /** No more memory was taken, at any moment, than a request of so many bytes may. */
  void checkGrowth(int bytes) throws Finding {
    long peak = allocator.getPeakMemoryAllocation();
    long taken = peak - allocatedBefore;
    if (peak > peakBefore && taken > BYTES_AT_LEAST + BYTES_PER_BYTE * bytes) {
      throw new Finding("a request of %d bytes took %d bytes of memory".formatted(bytes, taken));
    }
  }

  /** Closes all; nothing may be left. */
  void checkClosed() throws Finding {
    decoder.close();
    pool.close();
    long left = allocator.getAllocatedMemory();
    if (left != 0) {
      throw new Finding(left + " bytes of columns are not given back");
    }
    allocator.close();
  }
}
