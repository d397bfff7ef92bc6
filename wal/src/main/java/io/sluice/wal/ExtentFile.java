package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code extent}: an {@link Extent} at offset 0 and again at 4096, written in place and
 * forced together. A sector is written whole or not at all, so one of the two is good after any
 * power cut, and each is at most one generation behind. Forced before the newest segment takes its
 * first record and before the oldest is given up. Thread-safe.
 */
final class ExtentFile implements Closeable {
  static final String NAME = "extent";

  private static final String TEMPORARY = NAME + ".new";
  private static final int COPY_AT = 4096;
  private static final int BYTES = COPY_AT + Extent.BYTES;

  private final Storage.StorageFile file;
  // Guarded by this.
  private Extent extent;

  private ExtentFile(Storage.StorageFile file, Extent extent) {
    this.file = file;
    this.extent = extent;
  }

  /**
   * Null if there is none: a log that an earlier release wrote, or a new one.
   *
   * @param logId null: any log's
   * @throws CorruptLogException it is damaged, or of another log
   */
  static @Nullable Extent read(Storage storage, @Nullable UUID logId) throws IOException {
    if (!storage.list().contains(NAME)) {
      return null;
    }
    try (Storage.StorageFile file = storage.open(NAME, Storage.Access.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES);
      file.readFully(bytes, 0);
      bytes.flip();
      Extent first = Extent.decode(bytes, 0);
      Extent second = Extent.decode(bytes, COPY_AT);
      if (first == null && second == null) {
        throw new CorruptLogException(NAME, 0, "one of two copies that is whole", "none");
      }
      Extent extent =
          second == null || (first != null && first.generation() >= second.generation())
              ? first
              : second;
      if (extent != null && logId != null && !extent.logId().equals(logId)) {
        throw new CorruptLogException(
            NAME, 16, "that of log " + logId, "that of log " + extent.logId());
      }
      return extent;
    }
  }

  /** Makes the file, or makes it anew; durable on return. */
  static void write(Storage storage, Extent extent) throws IOException {
    if (storage.list().contains(TEMPORARY)) {
      storage.delete(TEMPORARY);
    }
    try (Storage.StorageFile file = storage.create(TEMPORARY)) {
      write(file, extent);
    }
    storage.replace(TEMPORARY, NAME);
    storage.forceDirectory();
  }

  /**
   * Writes what holds from this start on and keeps the file open.
   *
   * @param oldest of the segments that hold records, or the newest if none does
   * @param newest the segment that this start begins, durable
   */
  static ExtentFile begin(Storage storage, SegmentHeader oldest, SegmentHeader newest)
      throws IOException {
    Extent before = read(storage, newest.logId());
    long generation = before == null ? 0 : before.generation();
    Extent extent =
        new Extent(
            newest.logId(),
            generation + 1,
            newest.firstPosition() - 1,
            oldest.number(),
            oldest.firstPosition(),
            newest.number(),
            newest.length());
    if (before == null) {
      write(storage, extent);
    }
    Storage.StorageFile file = storage.open(NAME, Storage.Access.WRITE);
    try {
      write(file, extent);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new ExtentFile(file, extent);
  }

  /** Durable on return: the log does not begin before this segment. */
  synchronized void beginsAt(SegmentHeader oldest) throws IOException {
    if (oldest.number() != extent.first()) {
      become(extent.beginningAt(oldest));
    }
  }

  /** Durable on return: the log does not end before this segment. */
  synchronized void endsAt(SegmentHeader newest) throws IOException {
    become(extent.endingAt(newest));
  }

  /** Durable on return: the log does not end before this position. */
  synchronized void knows(long position) throws IOException {
    if (position > extent.known()) {
      become(extent.knowing(position));
    }
  }

  private void become(Extent next) throws IOException {
    write(file, next);
    extent = next;
  }

  private static void write(Storage.StorageFile file, Extent extent) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    extent.encode(bytes, 0);
    extent.encode(bytes, COPY_AT);
    file.write(new ByteBuffer[] {bytes.slice(0, Extent.BYTES)}, 1, 0);
    file.write(new ByteBuffer[] {bytes.slice(COPY_AT, Extent.BYTES)}, 1, COPY_AT);
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
