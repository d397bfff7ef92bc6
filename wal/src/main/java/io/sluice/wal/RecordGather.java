package io.sluice.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of one group on their way to one gathering write: headers and small payloads copied
 * into one buffer, large direct payloads by reference. Owned by the writing thread.
 */
final class RecordGather {
  private static final int COPY_UP_TO = 8 << 10;
  private static final int MAX_BUFFERS = 1_000;
  private static final int SLACK = 4 * RecordHeader.BYTES;
  private static final byte[] ZEROS = new byte[RecordHeader.ALIGNMENT];

  private final ByteBuffer staging;
  private final ByteBuffer crcView;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer[] buffers = new ByteBuffer[MAX_BUFFERS];
  private int count;
  private int runAt;
  private long bytes;

  RecordGather(int stagingBytes) {
    this.staging =
        ByteBuffer.allocateDirect(Math.max(stagingBytes, 2 * SLACK)).order(ByteOrder.LITTLE_ENDIAN);
    this.crcView = staging.duplicate();
  }

  /** Room for two more records, whatever their size. */
  boolean hasRoom() {
    return staging.remaining() >= SLACK && count + SLACK / RecordHeader.BYTES < MAX_BUFFERS;
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  long bytes() {
    return bytes;
  }

  void add(RecordHeader header, int nonce, ByteBuffer payload) {
    header.write(staging, crcView, nonce, crc);
    if (payload.hasRemaining()) {
      boolean cheap = payload.remaining() <= COPY_UP_TO || !payload.isDirect();
      if (cheap && payload.remaining() <= staging.remaining() - SLACK) {
        staging.put(payload);
      } else {
        endRun();
        buffers[count++] = payload;
      }
      staging.put(ZEROS, 0, RecordHeader.padding(header.payloadLength()));
    }
    bytes += header.totalBytes();
  }

  private void endRun() {
    if (staging.position() > runAt) {
      buffers[count++] = staging.slice(runAt, staging.position() - runAt);
      runAt = staging.position();
    }
  }

  int crcOf(byte[] stream) {
    crc.reset();
    crc.update(stream);
    return (int) crc.getValue();
  }

  /** Writes all that was added, and forgets it. */
  void writeTo(Storage.StorageFile file, long offset) throws IOException {
    endRun();
    try {
      file.write(buffers, count, offset);
    } finally {
      clear();
    }
  }

  private void clear() {
    Arrays.fill(buffers, 0, count, null);
    count = 0;
    runAt = 0;
    bytes = 0;
    staging.clear();
  }
}
