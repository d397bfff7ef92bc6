package io.sluice.writer.raft;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stream's first message has some kilobytes, mostly its schema, and goes with every entry: it is
 * compressed once. Records of one stream share one array, also when they are read. Thread-safe.
 */
final class StreamHeadPack {

  private static final int MOST = 1_000; // as many streams as a Writer may well have
  private static final int MOST_BYTES = 1 << 20;

  private final Map<ByteBuffer, byte[]> packed = lru();
  private final Map<ByteBuffer, byte[]> unpacked = lru();

  private static Map<ByteBuffer, byte[]> lru() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<ByteBuffer, byte[]> eldest) {
        return size() > MOST;
      }
    };
  }

  synchronized byte[] pack(byte[] head) {
    return packed.computeIfAbsent(ByteBuffer.wrap(head), h -> Zstd.compress(head));
  }

  synchronized byte[] unpack(ByteBuffer bytes) throws IOException {
    byte[] known = unpacked.get(bytes);
    if (known != null) {
      return known;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    try {
      long size = Zstd.getFrameContentSize(copy);
      if (size < 0 || size > MOST_BYTES) {
        throw new IOException("cannot read a stream's first message: %d bytes".formatted(size));
      }
      byte[] head = Zstd.decompress(copy, (int) size);
      unpacked.put(ByteBuffer.wrap(copy), head);
      return head;
    } catch (ZstdException e) {
      throw new IOException("cannot read a stream's first message", e);
    }
  }
}
