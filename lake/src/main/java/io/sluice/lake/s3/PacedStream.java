package io.sluice.lake.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/**
 * An answer's body that fails if its bytes come too slowly: the client's timeouts hold up to its
 * begin, and for a silence. What the reader takes for itself does not count. One thread uses it.
 */
final class PacedStream extends FilterInputStream {

  private final ResponseInputStream<?> answer;
  private final S3Patience patience;
  private long waitedNanos;
  private long bytes;

  PacedStream(ResponseInputStream<?> answer, S3Patience patience) {
    super(answer);
    this.answer = answer;
    this.patience = patience;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    long begin = System.nanoTime();
    int read = in.read(into, offset, count);
    waitedNanos += System.nanoTime() - begin;
    bytes += Math.max(0, read);
    long most = patience.attempt().toNanos() + bytes * 1_000_000_000L / S3Patience.LEAST_RATE;
    if (waitedNanos > most) {
      throw new SlowStoreException(
          "the store is too slow: %d bytes in %d ms".formatted(bytes, waitedNanos / 1_000_000));
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.min(count, 16 << 10)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  /** Without what is left of it. */
  void abort() {
    answer.abort();
  }
}
