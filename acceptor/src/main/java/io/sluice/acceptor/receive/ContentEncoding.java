package io.sluice.acceptor.receive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** How a request's body may be compressed: once, never stacked. */
enum ContentEncoding {
  IDENTITY {
    @Override
    InputStream open(InputStream compressed) {
      return compressed;
    }
  },
  GZIP {
    @Override
    InputStream open(InputStream compressed) throws IOException {
      return new GZIPInputStream(compressed, BUFFER); // reads all members
    }
  };

  /** What the Accept-Encoding of a refusal names. */
  static final String ACCEPTED = "gzip";

  private static final int BUFFER = 16 << 10;

  /** Of a Content-Encoding header; null if it is none of these. */
  static @Nullable ContentEncoding named(@Nullable String header) {
    String name = header == null ? "" : header.trim().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      default -> null;
    };
  }

  abstract InputStream open(InputStream compressed) throws IOException;

  /** Decompresses a whole body, aborted one byte beyond the limit. */
  Body decode(Body.Bytes body, int limit) {
    if (this == IDENTITY) {
      return body;
    }
    try (InputStream in = open(new ByteArrayInputStream(body.array(), 0, body.length()))) {
      return Body.read(in, limit);
    } catch (IOException e) {
      return new Body.Broken("cannot decompress the request: " + e.getMessage());
    }
  }
}
