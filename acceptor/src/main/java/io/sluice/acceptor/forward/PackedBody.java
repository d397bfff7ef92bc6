package io.sluice.acceptor.forward;

import com.github.luben.zstd.Zstd;
import io.sluice.acceptor.columns.ColumnsPool;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** A record batch's body as one zstd frame, which says how long it was. */
final class PackedBody {

  /** Higher levels cost more than they save on the way of a message. */
  private static final int LEVEL = 1;

  /**
   * The body as it would be on the wire, each buffer padded to 8 bytes, compressed; null if that
   * saves nothing.
   *
   * @return to be closed by the caller; its writer index is its length
   * @throws org.apache.arrow.memory.OutOfMemoryException there is no memory for it
   */
  static @Nullable ArrowBuf of(List<ArrowBuf> buffers, int bodyBytes, ColumnsPool pool) {
    long bound = Zstd.compressBound(bodyBytes);
    if (bodyBytes == 0 || bound > Integer.MAX_VALUE) {
      return null;
    }
    try (ArrowBuf body = gathered(buffers, bodyBytes, pool);
        ArrowBuf room = pool.newBuffer(bound)) {
      ByteBuffer to = room.nioBuffer(0, (int) bound);
      ByteBuffer from = body.nioBuffer(0, bodyBytes);
      int length =
          (int) Zstd.compressDirectByteBuffer(to, 0, to.capacity(), from, 0, bodyBytes, LEVEL);
      if (Zstd.isError(length) || length >= bodyBytes) {
        return null;
      }
      ArrowBuf packed = pool.newBuffer(length);
      packed.setBytes(0, room, 0, length);
      packed.writerIndex(length);
      return packed;
    }
  }

  private static ArrowBuf gathered(List<ArrowBuf> buffers, int bodyBytes, ColumnsPool pool) {
    ArrowBuf body = pool.newBuffer(bodyBytes);
    long at = 0;
    for (ArrowBuf buffer : buffers) {
      long bytes = buffer.readableBytes();
      body.setBytes(at, buffer, buffer.readerIndex(), bytes);
      at += bytes;
      long padding = -bytes & 7;
      body.setZero(at, padding);
      at += padding;
    }
    return body;
  }

  private PackedBody() {}
}
