package io.sluice.wal;

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
}
