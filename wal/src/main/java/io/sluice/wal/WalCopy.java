package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies a log that may be open: all that was forced before it began, in a directory that opens as
 * if the power had been cut then. Copies of the files alone would not do, as the newest is written
 * meanwhile: bytes behind a gap would look as if the gap were damage. Takes no lock.
 */
public final class WalCopy {

  /** How often it is begun anew, as segments were given up meanwhile, or so it looks. */
  private static final int TRIES = 3;

  private static final int COPY_BYTES = 1 << 20;

  private final Storage from;
  private final Storage to;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);

  /**
   * What was copied.
   *
   * @param lastPosition of the last record
   */
  public record Report(int segments, long lastPosition) {}

  private record End(long offset, long lastPosition) {}

  private WalCopy(Storage from, Storage to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Durable on return.
   *
   * @param to made if it is not there; must be empty
   * @throws CorruptLogException the log is damaged
   * @throws IOException it cannot be read, is given up faster than it is copied, or {@code to}
   *     cannot be written
   */
  public static Report copy(Path from, Path to) throws IOException {
    FileStorage log = FileStorage.log(from);
    FileStorage copy = FileStorage.create(to);
    try {
      return copy(log, copy);
    } catch (CorruptLogException e) {
      throw e.of(log.describe());
    }
  }

  static Report copy(Storage from, Storage to) throws IOException {
    if (!to.list().isEmpty()) {
      throw new IOException(
          "cannot copy to %s: it is not empty (name one that is, or is not there)"
              .formatted(to.describe()));
    }
    WalCopy copy = new WalCopy(from, to);
    for (int tries = 1; ; tries++) {
      Extent begun = ExtentFile.read(from, null);
      try {
        return copy.run(begun);
      } catch (IOException e) {
        if (tries == TRIES || Objects.equals(begun, ExtentFile.read(from, null))) {
          throw e; // else segments came or went
        }
        copy.clear();
      }
    }
  }

  private Report run(@Nullable Extent known) throws IOException {
    UUID id = LogIdFile.read(from);
    SegmentChain chain = SegmentChain.read(from, id); // after the extent: it only grows
    if (known != null) {
      chain.checkHolds(known);
    }
    if (id == null || chain.live().isEmpty()) {
      throw new IOException("cannot copy log %s: it has no records".formatted(from.describe()));
    }
    List<SegmentHeader> live = chain.live();
    SegmentHeader newest = chain.newest();
    for (SegmentHeader segment : live.subList(0, live.size() - 1)) {
      copy(segment, segment.length());
    }
    End end = end(newest);
    copy(newest, end.offset());
    LogIdFile.write(to, id);
    ExtentFile.write(
        to,
        new Extent(
            id,
            1,
            end.lastPosition(),
            live.get(0).number(),
            live.get(0).firstPosition(),
            newest.number(),
            newest.length()));
    return new Report(live.size(), end.lastPosition());
  }

  /** Where the newest segment ended once, since this began. */
  private End end(SegmentHeader newest) throws IOException {
    try (Storage.StorageFile file = from.open(newest.fileName(), Storage.Access.READ)) {
      End end = ends(file, newest);
      for (int tries = 1; ; tries++) {
        try {
          TailScan.of(file, newest);
          return end;
        } catch (CorruptLogException e) { // or what was written since looks so
          if (ends(file, newest).offset() > end.offset()) {
            return end;
          }
          if (tries == TRIES) {
            throw e;
          }
        }
      }
    }
  }

  private static End ends(Storage.StorageFile file, SegmentHeader newest) throws IOException {
    SegmentReader reader = new SegmentReader(file, newest, new StreamInterner());
    RecordHeader header = reader.next(newest.length());
    while (header != null) {
      header = reader.next(newest.length());
    }
    return new End(reader.offset(), reader.lastPosition());
  }

  /** The segment up to there, and zeros behind it. */
  private void copy(SegmentHeader segment, long end) throws IOException {
    String name = segment.fileName();
    try (Storage.StorageFile source = from.open(name, Storage.Access.READ);
        Storage.StorageFile target = to.create(name)) {
      for (long at = 0; at < segment.length(); ) {
        boolean isZeros = at >= end;
        long most = (isZeros ? segment.length() : end) - at;
        buffer.clear().limit((int) Math.min(buffer.capacity(), most));
        if (isZeros) {
          while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
          }
        } else {
          source.readFully(buffer, at);
        }
        buffer.flip();
        int bytes = buffer.limit();
        if (bytes == 0) {
          throw new CorruptLogException(name, at, "bytes up to " + end, "the end of the file");
        }
        target.write(new ByteBuffer[] {buffer}, 1, at);
        at += bytes;
      }
      target.force();
    }
    if (!SegmentChain.readHeader(from, name).equals(segment)) {
      throw new IOException("cannot copy %s: it was given up meanwhile".formatted(name));
    }
  }

  private void clear() throws IOException {
    for (String name : to.list()) {
      to.delete(name);
    }
  }
}
