package io.sluice.writer.persist;

import io.sluice.lake.CommitOutcome;
import io.sluice.lake.DamagedFileException;
import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableLostException;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.ParkedRowsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DataFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a set's chunks as files and commits them with the move of the table's mark: both or
 * neither. Files of a commit whose outcome is unknown are kept for the next try.
 */
public final class LakeSetWriter implements Persister.SetWriter {

  private static final Logger LOG = LoggerFactory.getLogger(LakeSetWriter.class);

  private final Lake lake;
  private final UUID logId;
  private final ReadBack readBack;
  private final ChunkFiles files;
  private final Commits commits;

  /** Weak, as a set that another process persists is not tried again. Its files are swept. */
  private final Map<ChunkSet, List<DataFile>> written =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Set<String> tenants = ConcurrentHashMap.newKeySet();

  /**
   * @param commits told of each try
   */
  public LakeSetWriter(
      Lake lake, UUID logId, ReadBack readBack, ChunkFiles files, Commits commits) {
    this.lake = lake;
    this.logId = logId;
    this.readBack = readBack;
    this.files = files;
    this.commits = commits;
  }

  @Override
  public void persist(ChunkSet set) throws Exception {
    long begin = System.nanoTime();
    try {
      Persisted done = persistOrStick(set);
      long end = System.nanoTime();
      commits.committed(set, done.files(), end - begin, done.writtenNanos() - begin);
    } catch (Throwable e) {
      commits.failed(set, e, System.nanoTime() - begin);
      throw e;
    }
  }

  /** Files, and by the clock when they were written. */
  private record Persisted(List<DataFile> files, long writtenNanos) {}

  private Persisted persistOrStick(ChunkSet set) throws Exception {
    try {
      return persistWhole(set);
    } catch (LakeUnavailableException e) {
      if (e.isOfAFile() && lake.isWellBut(set.table().tenant(), set.table().table())) {
        throw new TableStuckException(set.table(), String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private Persisted persistWhole(ChunkSet set) throws Exception {
    if (!tenants.contains(set.table().tenant())) {
      lake.ensureTables(set.table().tenant());
      tenants.add(set.table().tenant());
    }
    LakeTable table = lake.table(set.table().tenant(), set.table().table());
    LogRange range = new LogRange(logId, set.from(), set.to());
    List<DataFile> ready = written.get(set);
    if (ready == null) {
      ready = write(table, range, set);
      written.put(set, ready);
    }
    long writtenNanos = System.nanoTime();
    CommitOutcome outcome = commit(table, range, set, ready);
    written.remove(set);
    boolean isCommitted = outcome instanceof CommitOutcome.Committed;
    if (!isCommitted && !(outcome instanceof CommitOutcome.TableLost)) {
      discard(table, range, ready);
    }
    requireHeld(set, range, outcome);
    return new Persisted(ready, writtenNanos);
  }

  /** Returns if the table holds the set's rows, by these files or by others. */
  static void requireHeld(ChunkSet set, LogRange range, CommitOutcome outcome)
      throws TableStuckException, MarkMismatchException {
    if (outcome instanceof CommitOutcome.TableLost lost) {
      throw new TableStuckException(set.table(), lost.reason());
    }
    if (outcome instanceof CommitOutcome.MarkMismatch mismatch) {
      throw new MarkMismatchException(
          set.table(),
          mismatch.actual(),
          "%s does not begin at its mark, which is %d (if it was away when this Writer started: start it again; or does another one have the same log?)"
              .formatted(range, mismatch.actual()));
    }
  }

  private CommitOutcome commit(LakeTable table, LogRange range, ChunkSet set, List<DataFile> ready)
      throws IOException {
    try {
      return table.commit(range, ready);
    } catch (DamagedFileException e) {
      written.remove(set);
      table.sweepAfterCommit(logId, range.from());
      throw e;
    }
  }

  /** What cannot be deleted now is found by its name, and deleted after the next commit. */
  private void discard(LakeTable table, LogRange range, List<DataFile> files) {
    if (files.isEmpty()) {
      return;
    }
    try {
      table.discard(files);
    } catch (Exception e) {
      LOG.warn("cannot discard files of {}: tried again after the next commit", range, e);
      table.sweepAfterCommit(logId, range.from());
    }
  }

  private List<DataFile> write(LakeTable table, LogRange range, ChunkSet set)
      throws IOException, TableStuckException {
    List<DataFile> done = new ArrayList<>();
    try {
      FileTarget target = table.target(); // first: nothing is read back for a catalog that is away
      try (ReadBack.Held rows = readBack.load(set)) {
        for (Chunk chunk : rows.chunks()) {
          done.add(files.write(target, range, chunk));
        }
      }
      requireAll(done, set);
      return List.copyOf(done);
    } catch (TableLostException | ParkedRowsException e) {
      discardAll(table, range, done);
      throw new TableStuckException(set.table(), String.valueOf(e.getMessage()));
    } catch (Throwable e) { // an Error too: nobody else knows of the files
      discardAll(table, range, done);
      throw e;
    }
  }

  /** Also the one that failed in the middle, should it be there still. */
  private void discardAll(LakeTable table, LogRange range, List<DataFile> done) {
    table.sweepAfterCommit(logId, range.from());
    discard(table, range, done);
  }

  /** The mark moves past all rows of the set: what the files lack would be lost for good. */
  private static void requireAll(List<DataFile> files, ChunkSet set) throws IOException {
    long rows = files.stream().mapToLong(DataFile::recordCount).sum();
    if (rows != set.rows()) {
      throw new IOException(
          "cannot commit (%d, %d] of %s: its files have %d rows, expected %d"
              .formatted(set.from(), set.to(), set.table(), rows, set.rows()));
    }
  }
}
