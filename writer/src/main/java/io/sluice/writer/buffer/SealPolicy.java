package io.sluice.writer.buffer;

import java.time.Duration;

/**
 * When a table's open chunks are complete: pure, no clock of its own. Hot reads cover the wait, so
 * small files need not pile up.
 *
 * @param bytes sealed at once from here
 * @param soonBytes sealed after {@code soon} from here
 * @param late sealed after this, however small
 */
public record SealPolicy(long bytes, long soonBytes, Duration soon, Duration late) {

  public static final SealPolicy DEFAULT =
      new SealPolicy(128L << 20, 32L << 20, Duration.ofSeconds(60), Duration.ofMinutes(5));

  /** The same, with sets of no more than so many bytes: each has to fit into memory as a whole. */
  public SealPolicy atMost(long most) {
    return new SealPolicy(Math.min(bytes, most), Math.min(soonBytes, most), soon, late);
  }

  public boolean complete(long openBytes, long ageNanos) {
    return openBytes >= bytes
        || (openBytes >= soonBytes && ageNanos >= soon.toNanos())
        || ageNanos >= late.toNanos();
  }
}
