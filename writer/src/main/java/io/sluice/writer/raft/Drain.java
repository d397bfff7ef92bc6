package io.sluice.writer.raft;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Waits until all that a replica has taken into its log is on its disk. Ratis sets the positions of
 * a log's writer to those of a snapshot that has come while the writer may still be at entries
 * before it; the writer then fails over a position that goes back, and with it the replica.
 *
 * <p>Nothing more comes meanwhile: {@link AddressedMessages} holds back what would, and {@link
 * RaftSettings} has entries taken into the log by the time their message is.
 */
final class Drain {

  /** A disk that forces nothing for this long is left to Ratis. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final LongSupplier nanoTime;
  private final LongConsumer park;

  /**
   * @param park waits for so many nanoseconds, or less
   */
  Drain(LongSupplier nanoTime, LongConsumer park) {
    this.nanoTime = nanoTime;
    this.park = park;
  }

  /**
   * @param last position that the log has
   * @param forced position up to which it is on the disk
   * @return whether all was there in time
   */
  boolean await(LongSupplier last, LongSupplier forced) {
    long begin = nanoTime.getAsLong();
    while (forced.getAsLong() < last.getAsLong()) {
      if (nanoTime.getAsLong() - begin >= PATIENCE_NANOS) {
        return false;
      }
      park.accept(POLL_NANOS);
    }
    return true;
  }
}
