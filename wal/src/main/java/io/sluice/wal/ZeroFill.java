package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes zeros from a buffer that a file opened past the page cache takes, too. */
final class ZeroFill {
  private static final int BYTES = 1 << 20;
  private static final int ALIGNMENT = 4 << 10;

  private ZeroFill() {}

  /** Writes and forces them. */
  static void write(Storage.StorageFile file, long from, long end) throws IOException {
    int most = (int) Math.min(BYTES, end - from);
    ByteBuffer zeros = ByteBuffer.allocateDirect(most + ALIGNMENT).alignedSlice(ALIGNMENT);
    ByteBuffer[] one = {zeros};
    long at = from;
    while (at < end) {
      zeros.clear().limit((int) Math.min(most, end - at));
      file.write(one, 1, at);
      at += zeros.limit();
    }
    file.force();
  }
}
