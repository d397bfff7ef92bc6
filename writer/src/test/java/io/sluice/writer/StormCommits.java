package io.sluice.writer;

import io.sluice.lake.Lake;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;

/** What other engines do to {@code default.traces}; one that is overtaken gives up. */
record StormCommits(Lake lake) {

  private interface Commit {
    void to(Table table) throws Exception;
  }

  void property(int value) throws Exception {
    attempt(table -> table.updateProperties().set("seen", Integer.toString(value)).commit());
  }

  /** Deletes at once what is not of the newest snapshot. */
  void expire() throws Exception {
    attempt(
        table ->
            table
                .expireSnapshots()
                .retainLast(1)
                .expireOlderThan(System.currentTimeMillis())
                .commit());
  }

  /** Replaces a file by another one with the same rows. */
  void compact() throws Exception {
    attempt(
        table -> {
          Snapshot read = table.currentSnapshot();
          DataFile old = read == null ? null : anyFile(table);
          if (read != null && old != null) {
            table
                .newRewrite()
                .validateFromSnapshot(read.snapshotId())
                .deleteFile(old)
                .addFile(copy(table, old))
                .commit();
          }
        });
  }

  private static DataFile anyFile(Table table) throws Exception {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        return task.file();
      }
    }
    return null;
  }

  private static DataFile copy(Table table, DataFile old) throws Exception {
    String path =
        old.location().replaceFirst("[^/]*$", "compacted-" + UUID.randomUUID() + ".parquet");
    try (InputStream in = table.io().newInputFile(old.location()).newStream();
        OutputStream out = table.io().newOutputFile(path).create()) {
      in.transferTo(out);
    }
    return DataFiles.builder(table.spec()).copy(old).withPath(path).build();
  }

  private void attempt(Commit commit) throws Exception {
    try {
      commit.to(lake.catalog().loadTable(TableIdentifier.of("default", "traces")));
    } catch (CommitFailedException | ValidationException e) {
      assert e.getMessage() != null; // the Writer was faster
    }
  }
}
