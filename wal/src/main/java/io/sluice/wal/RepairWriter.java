package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes a segment as a repair wants it to be. */
final class RepairWriter {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Storage storage;
  private final ByteBuffer chunk =
      ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();

  RepairWriter(Storage storage) {
    this.storage = storage;
  }

  /** Copies a whole file into another directory; forced, its name is not. */
  void copy(String name, Storage to) throws IOException {
    try (Storage.StorageFile from = storage.open(name, Storage.Access.READ);
        Storage.StorageFile copy = to.create(name)) {
      copy(from, copy, from.length());
      copy.force();
    }
  }

  private void copy(Storage.StorageFile from, Storage.StorageFile to, long length)
      throws IOException {
    long at = 0;
    while (at < length) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), length - at));
      from.readFully(chunk, at);
      int read = chunk.position();
      if (read == 0) {
        return;
      }
      write(to, chunk.flip(), at);
      at += read;
    }
  }

  private static void write(Storage.StorageFile to, ByteBuffer bytes, long at) throws IOException {
    to.write(new ByteBuffer[] {bytes}, 1, at);
  }

  /** Makes a new file of that name; whole and forced, its name is not. */
  void write(MendedSegment segment, String name) throws IOException {
    SegmentHeader header = segment.header();
    RepairSources.Source source = segment.source();
    try (Storage.StorageFile to = storage.create(name)) {
      long copied = 0;
      if (source != null) {
        try (Storage.StorageFile from = storage.open(source.file(), Storage.Access.READ)) {
          copied = Math.min(header.length(), source.length());
          copy(from, to, copied);
        }
      }
      zero(to, copied, header.length());
      write(to, header.encode(), 0);
      for (BadRange hole : segment.holes()) {
        hole(to, header, hole);
      }
      for (SegmentSalvage.Unpadded record : segment.unpadded()) {
        zero(to, record.from(), record.to());
      }
      to.force();
    }
  }

  private void zero(Storage.StorageFile to, long from, long end) throws IOException {
    long at = from;
    while (at < end) {
      int bytes = (int) Math.min(chunk.capacity(), end - at);
      clear(bytes);
      write(to, chunk, at);
      at += bytes;
    }
  }

  private void clear(int bytes) {
    chunk.clear().limit(bytes);
    for (int i = 0; i < bytes; i++) {
      chunk.put(i, (byte) 0);
    }
  }

  /** As many records as the range needs, none larger than the chunk; the first says it all. */
  private void hole(Storage.StorageFile to, SegmentHeader header, BadRange hole)
      throws IOException {
    long at = hole.from();
    while (at < hole.to()) {
      long left = hole.to() - at;
      long bytes = Math.min(left, chunk.capacity());
      boolean leavesTooLittle = left > bytes && left - bytes < RecordHeader.BYTES;
      int size = (int) (leavesTooLittle ? bytes - RecordHeader.BYTES : bytes);
      clear(size);
      int payload = size - RecordHeader.BYTES;
      crc.reset();
      crc.update(chunk.duplicate().position(RecordHeader.BYTES));
      int payloadCrc = (int) crc.getValue();
      new RecordHeader(
              RecordHeader.HOLE,
              0,
              payload,
              payloadCrc,
              hole.lastLost(),
              hole.lastLost(),
              header.logTimeMicros(),
              0)
          .write(chunk, chunk.duplicate(), header.nonce(), crc);
      write(to, chunk.position(0).limit(size), at);
      at += size;
    }
  }

  /** Sets these files aside, each whole. */
  void setAside(List<String> names, Storage aside) throws IOException {
    for (String name : names) {
      copy(name, aside);
    }
    aside.forceDirectory();
  }
}
