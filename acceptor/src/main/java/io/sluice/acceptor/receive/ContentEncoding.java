package io.sluice.acceptor.receive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;

/** How a request's body may be compressed: once, never stacked. */
enum ContentEncoding {
  IDENTITY,
  GZIP,
  /** As RFC 9110 has it: zlib's format. */
  DEFLATE,
  ZSTD;

  private static final int MAX_ZSTD_WINDOW_LOG = 23;

  /**
   * Decompresses a whole body, aborted one byte beyond the limit.
   *
   * @param held is told of the plain bytes, and that the compressed ones are gone
   */
  Body decode(Body.Bytes body, int limit, Reservation held) {
    if (this == IDENTITY) {
      return body;
    }
    try (InputStream in = open(body)) {
      return Body.read(in, limit, held);
    } catch (IOException e) {
      return Body.broken(String.valueOf(e.getMessage()));
    } finally {
      body.release(held);
    }
  }

  /** The plain bytes, as they are read. */
  InputStream open(Body.Bytes body) throws IOException {
    InputStream compressed = new ByteArrayInputStream(body.array(), 0, body.length());
    return switch (this) {
      case IDENTITY -> compressed;
      case GZIP -> new GzipReader(body.array(), body.length());
      case DEFLATE -> new InflaterInputStream(compressed);
      case ZSTD -> {
        ZstdInputStream in = new ZstdInputStream(compressed);
        in.setLongMax(MAX_ZSTD_WINDOW_LOG); // bounds what the stream may make its reader allocate
        yield in;
      }
    };
  }
}
