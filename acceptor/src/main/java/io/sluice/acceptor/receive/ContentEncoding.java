package io.sluice.acceptor.receive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** How a request's body may be compressed: once, never stacked. */
enum ContentEncoding {
  IDENTITY,
  GZIP,
  /** Zlib's format, or without its header: {@link DeflateReader}. */
  DEFLATE,
  ZSTD;

  /**
   * Decompresses a whole body, aborted one byte beyond the limit.
   *
   * @param held is told of the plain bytes; the compressed ones stay
   */
  Body decode(Body.Bytes body, int limit, Reservation held) {
    if (this == IDENTITY) {
      return body;
    }
    if (declared(body) > limit) {
      return Body.tooLarge(limit);
    }
    try (InputStream in = open(body)) {
      return Body.read(in, limit, held);
    } catch (IOException e) {
      return Body.broken(String.valueOf(e.getMessage()));
    }
  }

  /**
   * How many plain bytes there are by its own words, or less. It is believed only in what it is
   * refused for: if it lies it is refused for that, and a bomb costs nothing.
   */
  private long declared(Body.Bytes body) {
    return switch (this) {
      case IDENTITY, DEFLATE -> 0;
      case GZIP -> GzipReader.declared(body.array(), body.length());
      case ZSTD -> ZstdFrames.declared(body.array(), body.length());
    };
  }

  /** The plain bytes, as they are read. */
  InputStream open(Body.Bytes body) throws IOException {
    return switch (this) {
      case IDENTITY -> new ByteArrayInputStream(body.array(), 0, body.length());
      case GZIP -> new GzipReader(body.array(), body.length());
      case DEFLATE -> new DeflateReader(body.array(), body.length());
      case ZSTD -> ZstdFrames.open(body.array(), body.length());
    };
  }
}
