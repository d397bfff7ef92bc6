package io.sluice.query;

import io.sluice.lake.TableSnapshot;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table at one moment: the rows of its snapshot, and those of each log after the snapshot's mark.
 * Together they are every row once. One thread uses it.
 */
public final class TableRead implements AutoCloseable {

  private final String tenant;
  private final Table table;
  private final ColumnSet columns;
  private final TableSnapshot snapshot;
  private final List<HotRows> hot;
  private final List<MissingLog> missing;

  TableRead(
      String tenant,
      Table table,
      ColumnSet columns,
      TableSnapshot snapshot,
      List<HotRows> hot,
      List<MissingLog> missing) {
    this.tenant = tenant;
    this.table = table;
    this.columns = columns;
    this.snapshot = snapshot;
    this.hot = List.copyOf(hot);
    this.missing = List.copyOf(missing);
  }

  public String tenant() {
    return tenant;
  }

  public Table table() {
    return table;
  }

  ColumnSet columns() {
    return columns;
  }

  /** The persisted rows, and up to where of each log they are. */
  public TableSnapshot snapshot() {
    return snapshot;
  }

  /** The rows that are not in the snapshot, a stream for each log; each can be read once. */
  public List<HotRows> hot() {
    return hot;
  }

  /** What is not here though it should be: empty, unless partial reads were allowed. */
  public List<MissingLog> missing() {
    return missing;
  }

  /** The first failure of a stream; null while all went well. */
  @Nullable ReadException failure() {
    for (HotRows rows : hot) {
      ReadException failure = rows.failure();
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    IOException failure = new IOException("cannot close streams of " + table);
    close(hot, failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  /** Closes all of them; what goes wrong is added to the exception. */
  static void close(Collection<HotRows> rows, Exception cause) {
    for (HotRows each : rows) {
      try {
        each.close();
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
