package io.sluice.lake.maintain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.SortOrderComparators;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** The rows of several files, merged: sorted if each of them is. One thread uses it. */
final class SortedRows implements AutoCloseable {

  private record Head(FileRows rows, StructLike key, int file) {}

  private final Schema schema;
  private final List<FileRows> files = new ArrayList<>();
  private final PriorityQueue<Head> heads;

  SortedRows(Table table, SortOrder order, List<FileScanTask> tasks)
      throws UnreadableFileException, IOException {
    this.schema = table.schema();
    Comparator<Head> inTurn = Comparator.comparingInt(head -> head.file);
    this.heads =
        new PriorityQueue<>(
            order.isSorted()
                ? Comparator.comparing(Head::key, SortOrderComparators.forSchema(schema, order))
                    .thenComparing(inTurn)
                : inTurn);
    try {
      for (FileScanTask task : tasks) {
        FileRows rows = FileRows.open(table, task);
        files.add(rows);
        offer(rows, files.size());
      }
    } catch (UnreadableFileException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void offer(FileRows rows, int file) {
    Record row = rows.current();
    if (row != null) {
      heads.add(new Head(rows, new InternalRecordWrapper(schema.asStruct()).wrap(row), file));
    }
  }

  /** The next row; null at the end. */
  @Nullable Record next() throws UnreadableFileException {
    Head head = heads.poll();
    if (head == null) {
      return null;
    }
    Record row = Objects.requireNonNull(head.rows.current());
    head.rows.advance();
    offer(head.rows, head.file);
    return row;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (FileRows rows : files) {
      try {
        rows.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
