package io.sluice.writer.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses pages with ZSTD, each in one go from memory outside the heap to such memory: no
 * collection has to wait for it. Pages that are too large for that go piece by piece. Used by one
 * thread at a time; what it has is used again by later files.
 */
final class PageCompressor implements BytesInputCompressor {

  private static final int LEVEL = 3;
  private static final int MOST_BYTES = 2 << 20;

  /** As many as files were written at the same time. */
  private static final ConcurrentLinkedDeque<PageCompressor> IDLE = new ConcurrentLinkedDeque<>();

  private final ByteBuffer plain = ByteBuffer.allocateDirect(MOST_BYTES);
  private final ByteBuffer compressed =
      ByteBuffer.allocateDirect((int) Zstd.compressBound(MOST_BYTES));
  private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);
  private final CodecFactory codecs = new CodecFactory(new PlainParquetConfiguration(), 64 << 10);
  private final BytesInputCompressor pieces =
      codecs.getCompressor(CompressionCodecName.ZSTD, LEVEL);

  private PageCompressor() {}

  /** One that nobody uses; {@link #release} gives it back. */
  static PageCompressor take() {
    PageCompressor idle = IDLE.poll();
    return idle == null ? new PageCompressor() : idle;
  }

  /** The result is valid until the next call. */
  @Override
  public BytesInput compress(BytesInput bytes) throws IOException {
    if (bytes.size() > MOST_BYTES) {
      return pieces.compress(bytes);
    }
    plain.clear();
    bytes.writeAllTo(new Filling(plain));
    int length =
        context.compressDirectByteBuffer(
            compressed, 0, compressed.capacity(), plain, 0, plain.position());
    return BytesInput.from(compressed.slice(0, length));
  }

  @Override
  public CompressionCodecName getCodecName() {
    return CompressionCodecName.ZSTD;
  }

  @Override
  public void release() {
    IDLE.push(this);
  }

  private static final class Filling extends OutputStream {

    private final ByteBuffer buffer;

    Filling(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public void write(int value) {
      buffer.put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      buffer.put(bytes, offset, length);
    }
  }
}
