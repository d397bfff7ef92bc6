package io.sluice.writer.buffer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutLimits;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** A message's body that came as a zstd frame, as it was before. */
final class PlainBody {

  /** Of a frame's head (RFC 8878, 3.1.1): magic 4, descriptor 1, window 1, dictionary 4, size 8. */
  private static final int MOST_HEAD = 18;

  /**
   * How long it says that it is, in bytes; what it is is checked when it is read.
   *
   * @throws MalformedMessageException no zstd frame, one that does not say, or more than a message
   *     may carry
   */
  static int bytes(ByteBuffer packed) throws MalformedMessageException {
    if (!packed.hasRemaining()) {
      throw unreadable("there is none");
    }
    byte[] head = new byte[Math.min(MOST_HEAD, packed.remaining())];
    packed.duplicate().get(head);
    long bytes;
    try {
      bytes = Zstd.getFrameContentSize(head);
    } catch (ZstdException e) {
      throw unreadable(e.toString());
    }
    if (bytes <= 0 || bytes > PutLimits.MESSAGE_BYTES) {
      throw unreadable(
          "it says that it is %d bytes long (from 1 to %d)"
              .formatted(bytes, PutLimits.MESSAGE_BYTES));
    }
    return (int) bytes;
  }

  /**
   * @param packed of direct memory
   * @return to be closed by the caller
   * @throws MalformedMessageException it cannot be read, or is longer or shorter than it says
   * @throws org.apache.arrow.memory.OutOfMemoryException there is no memory for it
   */
  static ArrowBuf read(ByteBuffer packed, BufferAllocator allocator)
      throws MalformedMessageException {
    int bytes = bytes(packed);
    ArrowBuf plain = allocator.buffer(bytes);
    try {
      long read =
          Zstd.decompressDirectByteBuffer(
              plain.nioBuffer(0, bytes), 0, bytes, packed, packed.position(), packed.remaining());
      if (Zstd.isError(read)) {
        throw unreadable(Zstd.getErrorName(read));
      }
      if (read != bytes) {
        throw unreadable("it is %d bytes long, and says %d".formatted(read, bytes));
      }
      return plain;
    } catch (MalformedMessageException | RuntimeException e) {
      plain.close();
      throw e instanceof MalformedMessageException malformed ? malformed : unreadable(e.toString());
    }
  }

  private static MalformedMessageException unreadable(String why) {
    return new MalformedMessageException("cannot read a compressed body: " + why);
  }

  private PlainBody() {}
}
