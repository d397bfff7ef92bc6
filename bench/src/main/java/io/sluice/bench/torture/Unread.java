package io.sluice.bench.torture;

import io.sluice.bench.audit.RowContent;
import io.sluice.bench.audit.RowKeys;
import io.sluice.schema.table.Table;
import org.jspecify.annotations.Nullable;

/** Takes rows that are only counted. */
enum Unread implements RowKeys {
  ROWS;

  @Override
  public void span(@Nullable String traceId, @Nullable String spanId, @Nullable RowContent row) {}

  @Override
  public void keyed(Table table, @Nullable String key, @Nullable RowContent row) {}
}
