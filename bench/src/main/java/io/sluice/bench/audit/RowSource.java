package io.sluice.bench.audit;

import io.sluice.schema.table.Table;

/** A way to read a table. One thread uses it. */
public interface RowSource extends AutoCloseable {

  /** Tells of each row once, as the table is at some moment within this call. */
  void read(Table table, RowKeys rows) throws Exception;

  @Override
  void close();
}
