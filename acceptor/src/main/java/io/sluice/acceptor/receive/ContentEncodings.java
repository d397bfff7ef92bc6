package io.sluice.acceptor.receive;

import com.github.luben.zstd.util.Native;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content encodings of this process: zstd only where its native library can be had.
 *
 * @param zstd whether it can
 */
public record ContentEncodings(boolean zstd) {

  private static final Logger LOG = LoggerFactory.getLogger(ContentEncodings.class);

  /** Loads what has to be loaded, so that no request finds out that it cannot be. */
  public static ContentEncodings load() {
    try {
      Native.load();
      return new ContentEncodings(true);
    } catch (LinkageError | RuntimeException e) {
      LOG.error(
          "cannot take zstd: {} (its library is unpacked into java.io.tmpdir, {}); requests in it"
              + " are answered as of an unsupported encoding",
          e.toString(),
          System.getProperty("java.io.tmpdir"));
      return new ContentEncodings(false);
    }
  }

  /** Of a Content-Encoding header; null if it is none of these. */
  @Nullable ContentEncoding named(@Nullable String header) {
    String name = header == null ? "" : header.trim().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> ContentEncoding.IDENTITY;
      case "gzip", "x-gzip" -> ContentEncoding.GZIP;
      case "deflate" -> ContentEncoding.DEFLATE;
      case "zstd" -> zstd ? ContentEncoding.ZSTD : null;
      default -> null;
    };
  }

  /** What the Accept-Encoding of a refusal names. */
  String accepted() {
    List<String> names = new ArrayList<>(List.of("gzip", "deflate"));
    if (zstd) {
      names.add(1, "zstd");
    }
    return String.join(", ", names);
  }
}
