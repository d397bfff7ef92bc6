package io.sluice.lake.s3;

import java.io.IOException;
import java.util.Arrays;
import org.apache.iceberg.io.PositionOutputStream;

/** Gathers parts; the object is there when close returns. One thread writes it. */
final class S3OutputStream extends PositionOutputStream {

  /** The least that S3 takes for a part is 5 MiB; it takes 10,000 of them. */
  static final int PART_BYTES = 8 << 20;

  private static final int FIRST_BYTES = 64 << 10;

  private final S3Upload upload;
  private byte[] part = new byte[FIRST_BYTES];
  private int filled;
  private long sent;
  private boolean closed;

  S3OutputStream(S3Upload upload) {
    this.upload = upload;
  }

  @Override
  public long getPos() {
    return sent + filled;
  }

  @Override
  public long storedLength() {
    return getPos();
  }

  @Override
  public void write(int value) throws IOException {
    makeRoom();
    part[filled++] = (byte) value;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      makeRoom();
      int more = Math.min(left, part.length - filled);
      System.arraycopy(bytes, from, part, filled, more);
      filled += more;
      from += more;
      left -= more;
    }
  }

  private void makeRoom() throws IOException {
    if (closed) {
      throw new IOException("cannot write file: it is closed");
    }
    if (filled < part.length) {
      return;
    }
    if (part.length < PART_BYTES) {
      part = Arrays.copyOf(part, Math.min(PART_BYTES, part.length * 4));
      return;
    }
    try {
      upload.part(part, filled); // waits before there is one more in memory
    } catch (IOException | RuntimeException e) {
      closed = true;
      upload.abort();
      throw e;
    }
    sent += filled;
    part = new byte[PART_BYTES];
    filled = 0;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    boolean isThere = false;
    try {
      upload.finish(part, filled);
      isThere = true;
    } finally {
      part = new byte[0];
      if (!isThere) {
        upload.abort();
      }
    }
  }
}
