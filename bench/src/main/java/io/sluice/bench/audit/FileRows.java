package io.sluice.bench.audit;

import io.sluice.schema.table.Table;
import java.io.IOException;
import org.apache.iceberg.Snapshot;

/** Reads the files of a table. */
@FunctionalInterface
public interface FileRows {

  /**
   * Tells of each row of a snapshot; returns how many there were.
   *
   * @throws IOException a file cannot be read
   */
  long read(Table table, org.apache.iceberg.Table iceberg, Snapshot snapshot, RowKeys rows)
      throws IOException;
}
