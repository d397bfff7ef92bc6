package io.sluice.writer.persist;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.page.PageDocument;
import io.sluice.schema.page.Recent;
import io.sluice.schema.service.SlowPaths;
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

  /** Nobody waits for a persist as for a request. */
  private static final int SLOWER = 10;

  private final Recent<Commit> last;
  private final LongConsumer took;
  private final SlowPaths slow;

  /**
   * @param took told of the nanoseconds of each that was committed
   * @param slow told of those that took long
   */
  public Commits(InstantSource clock, LongConsumer took, SlowPaths slow) {
    this.last = new Recent<>(clock);
    this.took = took;
    this.slow = slow;
  }

  /**
   * @param nanos it took in all
   * @param writeNanos of these, until its files were written
   */
  void committed(ChunkSet set, List<DataFile> files, long nanos, long writeNanos) {
    took.accept(nanos);
    if (slow.isSlow(nanos / SLOWER)) {
      slow.tell(
          "persist",
          nanos,
          Attributes.builder()
              .put("table", set.table().toString())
              .put("rows", set.rows())
              .put("files", files.size())
              .build(),
          List.of(
              new SlowPaths.Part("write", writeNanos),
              new SlowPaths.Part("commit", nanos - writeNanos)));
    }
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
