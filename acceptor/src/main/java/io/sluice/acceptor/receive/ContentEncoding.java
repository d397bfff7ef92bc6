package io.sluice.acceptor.receive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** How a request's body may be compressed: once, never stacked. */
enum ContentEncoding {
  IDENTITY,
  GZIP,
  /** As RFC 9110 has it: zlib's format. */
  DEFLATE,
  ZSTD;

  /** What the Accept-Encoding of a refusal names. */
  static final String ACCEPTED = "gzip, zstd, deflate";

  private static final int MAX_ZSTD_WINDOW_LOG = 23;

  /** Of a Content-Encoding header; null if it is none of these. */
  static @Nullable ContentEncoding named(@Nullable String header) {
    String name = header == null ? "" : header.trim().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "zstd" -> ZSTD;
      default -> null;
    };
  }

  /** Decompresses a whole body, aborted one byte beyond the limit. */
  Body decode(Body.Bytes body, int limit) {
    if (this == IDENTITY) {
      return body;
    }
    try (InputStream in = open(body)) {
      return Body.read(in, limit);
    } catch (IOException e) {
      return new Body.Broken("cannot decompress the request: " + e.getMessage());
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
