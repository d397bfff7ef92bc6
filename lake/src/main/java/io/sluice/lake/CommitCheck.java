package io.sluice.lake;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a commit decides by what it sees of its table, and by nothing else: whether it is in it,
 * whether it may go on. The mark lets one of all who commit the same positions win, whoever they
 * are, and whichever of their attempts arrive when.
 *
 * @param range of the log; its begin is where the mark has to be
 * @param token random for each commit: tells its snapshot from those of others
 */
public record CommitCheck(LogRange range, String token) {

  /** What a table is, as it is about to be replaced, to a commit that was begun on it or before. */
  public enum Ground {
    /** The commit may be applied to it. */
    FITS,
    /** It holds the commit: an earlier attempt that was said to have failed. */
    HOLDS_IT,
    /** The log's mark is elsewhere, or it is not the table any more: nothing may be committed. */
    MOVED
  }

  /**
   * How the commit ended, if it did; empty: it did not, and the mark is where it expects it.
   *
   * @param own the snapshot with the commit's token, of those that have not expired
   * @param mark how far the log is in the table
   */
  public Optional<CommitOutcome> outcome(OptionalLong own, long mark) {
    if (own.isPresent()) {
      return Optional.of(new CommitOutcome.Committed(own.getAsLong()));
    }
    if (mark == range.from()) {
      return Optional.empty();
    }
    return Optional.of(
        mark >= range.to()
            ? new CommitOutcome.AlreadyCommitted(mark)
            : new CommitOutcome.MarkMismatch(range.from(), mark));
  }

  /**
   * Asked of each base that an attempt is applied to.
   *
   * @param same whether it is the table that the attempt was begun on, and has the rows of its
   *     marks: somebody may have replaced it since, or rolled it back
   * @param own whether a snapshot of it has the commit's token
   * @param marks how far each log is in it, by its properties
   */
  public Ground base(boolean same, boolean own, Map<UUID, Long> marks) {
    if (own) {
      return Ground.HOLDS_IT;
    }
    return same && mark(marks) == range.from() ? Ground.FITS : Ground.MOVED;
  }

  /** All marks as they are after the commit. */
  public Map<UUID, Long> after(Map<UUID, Long> marks) {
    Map<UUID, Long> after = new TreeMap<>(marks);
    after.put(range.logId(), range.to());
    return after;
  }

  /** How far the commit's log is, of all marks. */
  public long mark(Map<UUID, Long> marks) {
    return marks.getOrDefault(range.logId(), 0L);
  }
}
