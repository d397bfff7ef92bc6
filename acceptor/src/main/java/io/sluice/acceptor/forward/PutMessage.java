package io.sluice.acceptor.forward;

import io.sluice.acceptor.columns.ByteLimit;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.wire.PutMetadata;
import java.util.ArrayList;
import java.util.List;
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
  private final PutFrame frame;

  private PutMessage(
      long sequence,
      List<Parcel> parcels,
      ColumnsPool pool,
      @Nullable WireColumns gathered,
      WireColumns rows) {
    this.sequence = sequence;
    this.parcels = parcels;
    this.pool = pool;
    this.gathered = gathered;
    this.rows = rows.toRecordBatch();
    this.frame = PutFrame.rows(this.rows, metadata(sequence, parcels).toBytes());
  }

  /**
   * Gathers the rows of these batches; one alone is not copied.
   *
   * @throws org.apache.arrow.memory.OutOfMemoryException there is no memory for the copy
   */
  static PutMessage gather(long sequence, List<Parcel> parcels, ColumnsPool pool) {
    WireColumns first = parcels.get(0).batch().rows();
    if (parcels.size() == 1) {
      return new PutMessage(sequence, List.copyOf(parcels), pool, null, first);
    }
    WireColumns gathered = pool.take(first.table(), ByteLimit.none());
    try {
      parcels.forEach(parcel -> gathered.appendFrom(parcel.batch().rows()));
      return new PutMessage(sequence, List.copyOf(parcels), pool, gathered, gathered);
    } catch (RuntimeException e) {
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

  /** True while somebody waits for one of its batches. */
  boolean awaited() {
    return parcels.stream().anyMatch(Parcel::awaited);
  }

  /** Frees the record batch; the batches stay as they are. */
  void close() {
    rows.close();
    if (gathered != null) {
      pool.give(gathered);
    }
  }

  private static PutMetadata metadata(long sequence, List<Parcel> parcels) {
    List<PutMetadata.Batch> batches = new ArrayList<>(parcels.size());
    for (Parcel parcel : parcels) {
      Batch batch = parcel.batch();
      batches.add(new PutMetadata.Batch(batch.id(), batch.rows().rows(), batch.receivedMicros()));
    }
    return new PutMetadata(false, sequence, batches);
  }
}
