package io.sluice.acceptor.forward;

import io.sluice.acceptor.columns.ByteLimit;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.wire.PutMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Some batches in one record batch, kept until it is answered, so that it can be sent again: same
 * batches, same ids. The batches keep their own rows as well, so that they can be sent apart. Owned
 * by its stream.
 */
final class PutMessage {

  private final long sequence;
  private final List<Parcel> parcels;
  private final ColumnsPool pool;
  private final @Nullable WireColumns gathered;
  private final ArrowRecordBatch rows;
  private final @Nullable ArrowBuf packed;
  private final PutFrame frame;
  private final List<Loss> losses = new ArrayList<>();
  private Again again = Again.LOST;

  private PutMessage(
      long sequence,
      List<Parcel> parcels,
      ColumnsPool pool,
      @Nullable WireColumns gathered,
      WireColumns rows,
      boolean zstd) {
    this.sequence = sequence;
    this.parcels = parcels;
    this.pool = pool;
    this.gathered = gathered;
    this.rows = rows.toRecordBatch();
    ArrowBuf body = null;
    try {
      int bytes = Math.toIntExact(this.rows.computeBodyLength());
      body = zstd ? PackedBody.of(this.rows.getBuffers(), bytes, pool) : null;
      byte[] metadata = metadata(body != null, sequence, parcels).toBytes();
      this.frame =
          body == null
              ? PutFrame.rows(this.rows, metadata)
              : PutFrame.packed(this.rows, metadata, body);
    } catch (Throwable e) {
      this.rows.close(); // or its buffers would never be free
      if (body != null) {
        body.close();
      }
      throw e;
    }
    this.packed = body;
  }

  /**
   * Gathers the rows of these batches; one alone is not copied.
   *
   * @param zstd whether they are compressed, if that makes them smaller
   * @throws org.apache.arrow.memory.OutOfMemoryException there is no memory for the copy
   */
  static PutMessage gather(long sequence, List<Parcel> parcels, ColumnsPool pool, boolean zstd) {
    WireColumns first = parcels.get(0).batch().rows();
    if (parcels.size() == 1) {
      return new PutMessage(sequence, List.copyOf(parcels), pool, null, first, zstd);
    }
    WireColumns gathered = pool.take(first.table(), ByteLimit.none());
    try {
      parcels.forEach(parcel -> gathered.appendFrom(parcel.batch().rows()));
      return new PutMessage(sequence, List.copyOf(parcels), pool, gathered, gathered, zstd);
    } catch (Throwable e) {
      pool.give(gathered);
      throw e;
    }
  }

  long sequence() {
    return sequence;
  }

  List<Parcel> parcels() {
    return parcels;
  }

  PutFrame frame() {
    return frame;
  }

  int bytes() {
    return frame.length();
  }

  /** Its stream was lost with nothing else on it. */
  void lostAlone(Loss loss) {
    losses.add(loss);
  }

  /** All such losses. */
  List<Loss> lossesAlone() {
    return losses;
  }

  /** It is to be sent again. */
  void again(Again why) {
    again = why;
  }

  /** Why it is sent again. */
  Again again() {
    return again;
  }

  /** True while somebody waits for one of its batches. */
  boolean awaited() {
    return parcels.stream().anyMatch(Parcel::awaited);
  }

  void tell(Delivery result) {
    parcels.forEach(parcel -> parcel.tell(result));
  }

  /** True if it may be taken where it was not: in smaller messages, or not compressed. */
  boolean canBeApart() {
    return parcels.size() > 1 || packed != null;
  }

  /** The same batches, each in a message of its own, not compressed; this one is closed. */
  List<PutMessage> apart(LongSupplier sequences) {
    close();
    return parcels.stream()
        .map(parcel -> gather(sequences.getAsLong(), List.of(parcel), pool, false))
        .toList();
  }

  /** Frees all of it, the batches, too. */
  void finish() {
    close();
    parcels.forEach(Parcel::free);
  }

  @Override
  public String toString() {
    return "message %d of %d batches, %d bytes, the first %s"
        .formatted(sequence, parcels.size(), bytes(), parcels.get(0).batch().id());
  }

  /** Frees the record batch; the batches stay as they are. */
  private void close() {
    rows.close();
    if (packed != null) {
      packed.close();
    }
    if (gathered != null) {
      pool.give(gathered);
    }
  }

  private static PutMetadata metadata(boolean zstd, long sequence, List<Parcel> parcels) {
    List<PutMetadata.Batch> batches = new ArrayList<>(parcels.size());
    for (Parcel parcel : parcels) {
      Batch batch = parcel.batch();
      batches.add(new PutMetadata.Batch(batch.id(), batch.rows().rows(), batch.receivedMicros()));
    }
    return new PutMetadata(zstd, sequence, batches);
  }
}
