package io.sluice.wal;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/** What a log's records are for. Called on the log's apply thread only, in position order. */
@FunctionalInterface
public interface LogConsumer {

  /**
   * Decides and applies one durable record. {@link LogRecord#attachment} is null if it was read
   * back from the log. The record and its payload are the consumer's only until it returns, unless
   * it owns the memory.
   */
  void apply(LogRecord record);

  /** Nothing up to here will be applied any more: a repair found these positions lost. */
  default void lost(long upTo) {}

  /** There is no record of ours up to here that has not been applied. Replicated logs only. */
  default void passed(long upTo) {}

  /**
   * This process leads from now on: everything that was durable is applied, and records come with
   * their attachments. Replicated logs only.
   */
  default void leads(long term) {}

  /** It does not lead any more: attachments of what was not applied yet are told by the log. */
  default void follows() {}

  /**
   * Forget all that was applied, and begin behind {@code released} with what the snapshot knows:
   * first thing at a start, or when the log has let go of what this replica would need.
   *
   * @throws IOException it cannot be read: the log cannot be used
   */
  default void restore(ReadableByteChannel snapshot, long released) throws IOException {
    throw new UnsupportedOperationException("cannot restore: this consumer takes no snapshots");
  }
}
