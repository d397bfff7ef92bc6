package io.sluice.schema.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The app_metadata of a DoPut message: which batches ride in its record batch, in row order.
 *
 * <pre>
 * version u8 = 1 | flags u8 (1 = body is zstd) | 0 u16 | batch count u32 | sequence u64
 * per batch: id 16 | rows u32 | 0 u32 | received u64 micros        (little-endian throughout)
 * </pre>
 */
public record PutMetadata(boolean zstd, long sequence, List<Batch> batches) {

  public static final int VERSION = 1;
  private static final int HEADER = 16;
  private static final int ENTRY = 32;
  private static final int ZSTD = 1;

  /**
   * One batch of the message.
   *
   * @param rows how many of the message's rows are its, after those of the batches before it
   * @param receivedMicros when the Acceptor received its request, micros since the epoch
   */
  public record Batch(BatchId id, int rows, long receivedMicros) {}

  /**
   * Reads from the buffer's position to its limit, which it leaves as they are.
   *
   * @throws MalformedMessageException another version, or lengths that do not match
   */
  public static PutMetadata parse(ByteBuffer buffer) throws MalformedMessageException {
    ByteBuffer in = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < HEADER) {
      throw new MalformedMessageException(
          "cannot read put metadata: %d bytes, expected at least %d"
              .formatted(in.remaining(), HEADER));
    }
    int version = Byte.toUnsignedInt(in.get());
    if (version != VERSION) {
      throw new MalformedMessageException(
          "cannot read put metadata: version %d (this Writer reads %d)"
              .formatted(version, VERSION));
    }
    boolean zstd = (in.get() & ZSTD) != 0;
    in.getShort();
    int count = in.getInt();
    long sequence = in.getLong();
    if (count < 0 || (long) count * ENTRY != in.remaining()) {
      throw new MalformedMessageException(
          "cannot read put metadata: %d batches in %d bytes".formatted(count, in.remaining()));
    }
    List<Batch> batches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      BatchId id = new BatchId(in.getLong(), in.getLong());
      int rows = in.getInt();
      in.getInt();
      if (rows < 0) {
        throw new MalformedMessageException("cannot read put metadata: batch " + i + " has rows<0");
      }
      batches.add(new Batch(id, rows, in.getLong()));
    }
    return new PutMetadata(zstd, sequence, batches);
  }

  public byte[] toBytes() {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + batches.size() * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) VERSION).put((byte) (zstd ? ZSTD : 0)).putShort((short) 0);
    out.putInt(batches.size()).putLong(sequence);
    for (Batch batch : batches) {
      out.putLong(batch.id.high()).putLong(batch.id.low());
      out.putInt(batch.rows).putInt(0).putLong(batch.receivedMicros);
    }
    return out.array();
  }

  /** All rows of the message. */
  public long rows() {
    return batches.stream().mapToLong(Batch::rows).sum();
  }
}
