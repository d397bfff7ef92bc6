package io.sluice.writer.persist;

import io.sluice.lake.CommitOutcome;
import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableLostException;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DataFile;

/**
 * Writes a set's chunks as files and commits them with the move of the table's mark: both or
 * neither. Files of a commit whose outcome is unknown are kept for the next try.
 */
public final class LakeSetWriter implements Persister.SetWriter {

  private final Lake lake;
  private final UUID logId;
  private final ReadBack readBack;
  private final ChunkFiles files;
  private final Map<ChunkSet, List<DataFile>> written = new ConcurrentHashMap<>();
  private final Set<String> tenants = ConcurrentHashMap.newKeySet();

  public LakeSetWriter(Lake lake, UUID logId, ReadBack readBack, ChunkFiles files) {
    this.lake = lake;
    this.logId = logId;
    this.readBack = readBack;
    this.files = files;
  }

  @Override
  public void persist(ChunkSet set) throws Exception {
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
    CommitOutcome outcome = table.commit(range, ready);
    written.remove(set);
    if (outcome instanceof CommitOutcome.Committed) {
      return;
    }
    table.discard(ready);
    if (outcome instanceof CommitOutcome.MarkMismatch mismatch) {
      throw new IOException(
          "cannot commit %s to %s: its mark is %d (another Writer with the same log?)"
              .formatted(range, set.table(), mismatch.actual()));
    }
    if (outcome instanceof CommitOutcome.TableLost lost) {
      throw new IOException("cannot commit to %s: %s".formatted(set.table(), lost.reason()));
    }
  }

  private List<DataFile> write(LakeTable table, LogRange range, ChunkSet set)
      throws IOException, LakeUnavailableException, TableLostException {
    List<DataFile> done = new ArrayList<>();
    FileTarget target = table.target(); // first: nothing is read back for a catalog that is away
    try (ReadBack.Held rows = readBack.load(set)) {
      for (Chunk chunk : rows.chunks()) {
        done.add(files.write(target, range, chunk));
      }
      requireAll(done, set);
      return List.copyOf(done);
    } catch (Throwable e) { // an Error too: nobody else knows of the files
      try {
        table.discard(done);
      } catch (Exception discarding) {
        e.addSuppressed(discarding);
      }
      throw e;
    }
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
