package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Looks for the header of a record where the bytes before it say nothing about where it begins. */
final class RecordSearch {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Storage.StorageFile file;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer chunk;

  RecordSearch(Storage.StorageFile file, long length) {
    this.file = file;
    long bytes = Math.max(RecordHeader.BYTES, Math.min(CHUNK_BYTES, length));
    this.chunk = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A header and where it begins. */
  record Found(long offset, int nonce, RecordHeader header) {
    long end() {
      return offset + header.totalBytes();
    }
  }

  /**
   * The first header with that nonce, wholly from {@code from} to {@code end}, that is wanted.
   *
   * @param nonce null: any, each is tried with its own first four bytes
   */
  @Nullable Found first(
      @Nullable Integer nonce, long from, long end, Predicate<RecordHeader> wanted)
      throws IOException {
    long chunkAt = from;
    while (chunkAt + RecordHeader.BYTES <= end) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - chunkAt));
      file.readFully(chunk, chunkAt);
      chunk.flip();
      int at = 0;
      for (; at + RecordHeader.BYTES <= chunk.limit(); at += RecordHeader.ALIGNMENT) {
        int expected = nonce == null ? chunk.getInt(at) : nonce;
        RecordHeader header = RecordHeader.read(chunk, at, expected, crc);
        if (header != null && wanted.test(header)) {
          return new Found(chunkAt + at, expected, header);
        }
      }
      if (at == 0) {
        return null;
      }
      chunkAt += at;
    }
    return null;
  }

  /** The header at {@code offset}, if there is one. */
  @Nullable RecordHeader at(int nonce, long offset) throws IOException {
    Found found = first(nonce, offset, offset + RecordHeader.BYTES, header -> true);
    return found == null ? null : found.header();
  }
}
