package io.sluice.lake.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads an object by one request as long as it is read forward. What breaks off is asked for again
 * from there, a few times. One thread uses it.
 */
final class S3InputStream extends SeekableInputStream implements RangeReadable {

  /** A shorter way forward is read and thrown away: a new request takes longer. */
  private static final long SKIPPED_BYTES = 1 << 20;

  /** In so many bytes: a store that breaks off all the time is given up. */
  private static final int MOST_BREAKS = 3;

  private static final long BREAKS_BYTES = 1 << 20;

  private final S3Store store;
  private final S3Location at;
  private final long length;
  private final WholeRead whole = new WholeRead();
  private long position;
  private @Nullable PacedStream open;
  private long openAt;
  private int breaks;
  private long readSinceBreak;

  S3InputStream(S3Store store, S3Location at, long length) {
    this.store = store;
    this.at = at;
    this.length = length;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void seek(long to) throws IOException {
    if (to < 0 || to > length) {
      throw new EOFException("cannot seek: %d of %d bytes in %s".formatted(to, length, at));
    }
    position = to;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count == 0) {
      return 0;
    }
    if (position >= length) {
      return -1;
    }
    int read = repeated(() -> some(into, offset, count));
    try {
      whole.read(position, into, offset, read, length);
    } catch (IOException e) {
      throw failed(e);
    }
    position += read;
    openAt = position;
    return read;
  }

  private int some(byte[] into, int offset, int count) throws IOException {
    int read = stream().read(into, offset, count);
    if (read < 0) {
      throw new EOFException("it ends at %d of %d bytes".formatted(position, length));
    }
    return read;
  }

  /** Stands at the position. */
  private InputStream stream() throws IOException {
    PacedStream now = open;
    if (now != null && position >= openAt && position - openAt <= SKIPPED_BYTES) {
      now.skipNBytes(position - openAt);
      openAt = position;
      return now;
    }
    abort();
    now = get(position, length - 1);
    open = now;
    openAt = position;
    return now;
  }

  private PacedStream get(long first, long last) {
    ResponseInputStream<GetObjectResponse> answer =
        store
            .client()
            .getObject(
                r ->
                    r.bucket(at.bucket())
                        .key(at.key())
                        .range("bytes=%d-%d".formatted(first, last)));
    whole.of(answer.response().metadata());
    return new PacedStream(answer, store.patience());
  }

  @Override
  public void readFully(long from, byte[] into, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count > 0) {
      repeated(() -> range(from, from + count - 1, into, offset, count));
    }
  }

  @Override
  public int readTail(byte[] into, int offset, int count) throws IOException {
    int tail = (int) Math.min(count, length);
    readFully(length - tail, into, offset, tail);
    return tail;
  }

  private int range(long first, long last, byte[] into, int offset, int count) throws IOException {
    PacedStream in = get(first, last);
    int read = 0;
    try {
      read = in.readNBytes(into, offset, count);
    } finally {
      if (read < count) {
        in.abort();
      }
    }
    in.close();
    if (read < count) {
      throw new EOFException("it ends before %d of %d bytes".formatted(last + 1, length));
    }
    return read;
  }

  /** Reads bytes, or fails. */
  private interface Read {
    int bytes() throws IOException;
  }

  /** Tries again what can be had by another try. */
  private int repeated(Read read) throws IOException {
    while (true) {
      try {
        int bytes = read.bytes();
        readSinceBreak += bytes;
        return bytes;
      } catch (SdkException | SlowStoreException e) {
        abort();
        throw failed(e); // the client has tried it as often as it does any good
      } catch (IOException e) {
        abort();
        breaks = readSinceBreak < BREAKS_BYTES ? breaks + 1 : 1;
        readSinceBreak = 0;
        if (breaks > MOST_BREAKS) {
          throw failed(e);
        }
        store.counters().resumedReads.increment();
      }
    }
  }

  private IOException failed(Exception cause) {
    if (cause instanceof SdkException e && S3Failures.isMissing(e)) {
      throw new NotFoundException(e, "cannot find file: %s", at);
    }
    return S3Failures.checked("read file", at.toString(), cause);
  }

  /** Nothing more is read of it: to read it to its end would take longer than a new connection. */
  private void abort() {
    if (open != null) {
      open.abort();
      open = null;
    }
  }

  @Override
  public void close() {
    abort();
  }
}
