package io.sluice.acceptor.receive;

import io.grpc.Decompressor;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses when the first byte is read, not before: what fails while grpc-java opens a stream
 * ends the call as UNKNOWN, what fails in our own marshaller's hands is answered in our words.
 */
final class LazyDecompressor implements Decompressor {

  private final ContentEncoding encoding;
  private final String name;

  LazyDecompressor(String name, ContentEncoding encoding) {
    this.name = name;
    this.encoding = encoding;
  }

  @Override
  public String getMessageEncoding() {
    return name;
  }

  @Override
  public InputStream decompress(InputStream compressed) {
    return new Lazy(compressed);
  }

  private final class Lazy extends InputStream {
    private final InputStream compressed;
    private @Nullable InputStream plain;

    Lazy(InputStream compressed) {
      this.compressed = compressed;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return plain().read(bytes, offset, length);
    }

    @Override
    public int read() throws IOException {
      return plain().read();
    }

    @Override
    public void close() throws IOException {
      try (InputStream in = compressed) {
        if (plain != null) {
          plain.close();
        }
      }
    }

    private InputStream plain() throws IOException {
      if (plain == null) {
        byte[] all = new byte[compressed.available()]; // grpc-java has the whole message
        plain = encoding.open(new Body.Bytes(all, compressed.readNBytes(all, 0, all.length)));
      }
      return plain;
    }
  }
}
