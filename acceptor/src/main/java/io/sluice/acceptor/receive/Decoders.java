package io.sluice.acceptor.receive;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.schema.table.Signal;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * As many decoders as threads decode at once, each used by one of them at a time. One that a large
 * resource or map has made large does not wait for the next request: it would keep what it has.
 */
final class Decoders implements AutoCloseable {

  private static final long IDLE_BYTES = 1 << 20;

  private final ColumnsPool pool;
  private final DecodeLimits limits;
  private final ConcurrentLinkedDeque<RequestDecoder> idle = new ConcurrentLinkedDeque<>();
  private boolean closed; // guarded by this

  Decoders(ColumnsPool pool, DecodeLimits limits) {
    this.pool = pool;
    this.limits = limits;
  }

  /** As {@link RequestDecoder#decode}; the parts' columns go back by {@link #free}. */
  Decoded decode(Signal signal, byte[] body, int length) {
    RequestDecoder decoder = idle.pollFirst();
    if (decoder == null) {
      decoder = new RequestDecoder(pool, limits);
    }
    try {
      return decoder.decode(signal, body, 0, length);
    } finally {
      keep(decoder);
    }
  }

  /** Under a lock, so that none comes back behind the back of {@link #close}. */
  private synchronized void keep(RequestDecoder decoder) {
    if (!closed && decoder.capacity() <= IDLE_BYTES) {
      idle.addFirst(decoder);
    } else {
      decoder.close();
    }
  }

  void free(Decoded.Part part) {
    pool.give(part.columns());
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (RequestDecoder decoder = idle.poll(); decoder != null; decoder = idle.poll()) {
      decoder.close();
    }
  }
}
