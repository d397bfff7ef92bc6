package io.sluice.wal;

import org.jspecify.annotations.Nullable;

/**
 * Who leads a log, as one process knows it: that it leads is no proof that it still does, which
 * only {@link DurableLog#confirm} gives.
 *
 * @param term counts elections; 0 where there are none
 * @param leads whether this process leads, and has applied all that was durable when it began to
 * @param leader where the leader is reached, as it told the others; null if none is known
 */
public record Leadership(long term, boolean leads, @Nullable String leader) {

  /** Of a log that one process has alone. */
  public static final Leadership ALONE = new Leadership(0, true, null);
}
