package io.sluice.lake.s3;

import java.io.IOException;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is read of an object with what was written, if it was written by one request and is
 * read from its first byte to its last; what is read in pieces is not known. One thread uses it.
 */
final class WholeRead {

  /** Name of an object's metadata: CRC32C of all its bytes, in hex. */
  static final String CHECKSUM = "sluice-crc32c";

  private final CRC32C sum = new CRC32C();
  private @Nullable String written;
  private long known;

  static String checksum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return Long.toHexString(sum.getValue());
  }

  void of(Map<String, String> metadata) {
    written = metadata.get(CHECKSUM);
  }

  /**
   * Some bytes were read.
   *
   * @param length of the object
   * @throws IOException they were the last ones, and some have changed on their way
   */
  void read(long position, byte[] into, int offset, int count, long length) throws IOException {
    long end = position + count;
    if (position > known || end <= known) {
      return;
    }
    int seen = (int) (known - position);
    sum.update(into, offset + seen, count - seen);
    known = end;
    String found = Long.toHexString(sum.getValue());
    if (known == length && written != null && !written.equals(found)) {
      throw new IOException("its bytes are not those that were written (checksum)");
    }
  }
}
