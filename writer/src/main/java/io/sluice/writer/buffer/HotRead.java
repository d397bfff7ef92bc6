package io.sluice.writer.buffer;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reader asked for: rows with a position in (after, to], held until they are sent or the
 * read is closed. Used by the reader's thread; the pace thread looks at what it pins and may cut
 * it, which the reader's thread sees and ends the read by an error.
 */
public final class HotRead implements AutoCloseable {

  private final Deque<HotRows> rows;
  private final long to;
  private final HotReads reads;
  private @Nullable HotRows current;
  private volatile boolean cut;

  /** The batches of the rows were retained for it, once for each element. */
  HotRead(Collection<HotRows> rows, long to, HotReads reads) {
    this.rows = new ArrayDeque<>(rows);
    this.to = to;
    this.reads = reads;
  }

  /** The highest position it covers. */
  public long to() {
    return to;
  }

  /** The next rows, which stay held until the call after it; null if there are no more. */
  public synchronized @Nullable HotRows next() {
    letGo();
    current = rows.poll();
    return current;
  }

  /** What is still to come. */
  synchronized List<HotRows> rest() {
    return List.copyOf(rows);
  }

  /** Memory runs short, and this read must end: its rows are held by nobody else. */
  public boolean isCut() {
    return cut;
  }

  void cut() {
    cut = true;
  }

  /** Whether it holds rows that no chunk holds any more. */
  synchronized boolean pinsReleased() {
    return pinsReleased(current) || rows.stream().anyMatch(HotRead::pinsReleased);
  }

  private static boolean pinsReleased(@Nullable HotRows part) {
    return part != null && part.batch().isLetGo();
  }

  private void letGo() {
    if (current != null) {
      current.batch().release();
      current = null;
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      letGo();
      rows.forEach(part -> part.batch().release());
      rows.clear();
    }
    reads.closed(this);
  }
}
