package io.sluice.writer.persist;

import io.sluice.schema.page.PageDocument;
import io.sluice.schema.page.Recent;
import io.sluice.writer.buffer.ChunkSet;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.iceberg.DataFile;

/** The last persists, of all logs: those that failed, too. Safe for any thread. */
public final class Commits {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /**
   * A set that was persisted, or not; a failure that comes again is one.
   *
   * @param table with its tenant
   * @param rows of the set
   * @param files that were written
   * @param bytes of these
   * @param millis it took, to write and to commit
   * @param error why it failed; empty if it did not
   */
  public record Commit(
      String table, long rows, long files, long bytes, long millis, String error) {}

  private record Failed(String table, String error) {}

  private record Done(String table, long from, long to) {}

  private final Recent<Commit> last;
  private final LongConsumer took;

  public Commits(InstantSource clock) {
    this(clock, nanos -> {});
  }

  /**
   * @param took told of the nanoseconds of each that was committed
   */
  public Commits(InstantSource clock, LongConsumer took) {
    this.last = new Recent<>(clock);
    this.took = took;
  }

  void committed(ChunkSet set, List<DataFile> files, long nanos) {
    took.accept(nanos);
    String table = set.table().toString();
    long bytes = files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
    last.add(
        new Done(table, set.from(), set.to()),
        new Commit(table, set.rows(), files.size(), bytes, nanos / NANOS_PER_MILLI, ""));
  }

  void failed(ChunkSet set, Throwable cause, long nanos) {
    String table = set.table().toString();
    String error = PageDocument.clipped(PersistFailure.reason(cause));
    last.add(
        new Failed(table, error),
        new Commit(table, set.rows(), 0, 0, nanos / NANOS_PER_MILLI, error));
  }

  /** The last first. */
  public List<Recent.Seen<Commit>> newestFirst() {
    return last.newestFirst();
  }

  /** How many there were since the start. */
  public long total() {
    return last.total();
  }
}
