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

  private static final long USUAL_GAIN = 16;

  /**
   * Decompresses a whole body, aborted one byte beyond the limit.
   *
   * @param held is told of the plain bytes; the compressed ones stay
   */
  Body decode(Body.Bytes body, int limit, Reservation held) {
    if (this == IDENTITY) {
      return body;
    }
    long declared = declared(body);
    if (declared > limit) {
      return Body.tooLarge(limit);
    }
    try (InputStream in = open(body)) {
      return Body.read(in, limit, guess(declared, body.length()), held);
    } catch (IOException e) {
      return Body.broken(String.valueOf(e.getMessage()));
    }
  }

  /** What it says, but no more than a usual request has: who lies gets little room for it. */
  private static int guess(long declared, int length) {
    return declared == 0
        ? Body.FIRST_READ
        : (int) Math.min(declared, Math.max(Body.FIRST_READ, USUAL_GAIN * length));
  }

  /**
   * How many plain bytes there are by its own words, or less. It is believed only in what it is
   * refused for: if it lies it is refused for that, and a bomb costs nothing; and, up to what is
   * usual, in how much room it needs.
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
