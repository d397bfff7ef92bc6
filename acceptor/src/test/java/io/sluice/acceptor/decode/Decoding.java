package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A decoder with a pool of its own, which must have got everything back when it is closed. */
final class Decoding implements AutoCloseable {

  final BufferAllocator allocator = new RootAllocator();
  final ColumnsPool pool = new ColumnsPool(allocator, 42, 4, 8 << 20);
  final RequestDecoder decoder;

  Decoding() {
    this(DecodeLimits.DEFAULT);
  }

  Decoding(DecodeLimits limits) {
    decoder = new RequestDecoder(pool, limits);
  }

  /** Decodes the bytes from the middle of an array. */
  Decoded decode(Signal signal, byte[] request) {
    byte[] framed = new byte[request.length + 6];
    System.arraycopy(request, 0, framed, 3, request.length);
    return decoder.decode(signal, framed, 3, request.length);
  }

  /** All rows of a table, and gives the columns back. */
  List<Map<String, Object>> rows(Signal signal, byte[] request, Table table) {
    Decoded decoded = decode(signal, request);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Decoded.Part part : decoded.parts()) {
      assertThat(part.columns().rows()).isPositive();
      if (part.table() == table) {
        rows.addAll(ActualRows.of(part.columns(), allocator));
      }
    }
    give(decoded);
    return rows;
  }

  void give(Decoded decoded) {
    decoded.parts().forEach(part -> pool.give(part.columns()));
  }

  @Override
  public void close() {
    decoder.close();
    pool.close();
    allocator.close(); // throws if a buffer is left
  }
}
