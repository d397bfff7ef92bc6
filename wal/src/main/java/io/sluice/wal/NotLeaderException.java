package io.sluice.wal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** This process does not lead the log, or not any more: ask who does. */
public final class NotLeaderException extends IOException {

  private static final long serialVersionUID = 1L;

  private final @Nullable String leader;

  /**
   * @param leader where the leader is reached; null if it is not known
   */
  public NotLeaderException(String message, @Nullable String leader) {
    super(message);
    this.leader = leader;
  }

  public @Nullable String leader() {
    return leader;
  }
}
