package io.sluice.acceptor.receive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Zstd (RFC 8878) from a whole body: one frame or more, skippable ones among them, each of them
 * whole, and nothing else.
 */
final class ZstdFrames {

  /** 8 MiB, as RFC 8878 asks of every decoder: bounds what a frame may make its reader allocate. */
  private static final int MAX_WINDOW_LOG = 23;

  /** The plain bytes, as they are read. */
  static InputStream open(byte[] body, int length) throws IOException {
    check(body, length);
    ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(body, 0, length));
    in.setLongMax(MAX_WINDOW_LOG);
    return in;
  }

  /** The size that the first frame says it has; 0 or less if it says none. */
  static long declared(byte[] body, int length) {
    return length == 0 ? 0 : Zstd.getFrameContentSize(body, 0, length);
  }

  /** The stream itself takes an end in the middle of a second frame for the end. */
  private static void check(byte[] body, int length) throws IOException {
    if (length == 0) {
      throw new IOException("no zstd frame");
    }
    int at = 0;
    try {
      do {
        at += Math.toIntExact(Zstd.findFrameCompressedSize(body, at, length - at));
      } while (at < length);
    } catch (ZstdException e) {
      throw new IOException("no whole zstd frame at byte %d: %s".formatted(at, e.getMessage()), e);
    }
  }

  private ZstdFrames() {}
}
