package io.sluice.bench.audit;

import io.sluice.schema.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each row that is read, with what identifies it; null where the row has nothing, or,
 * for its content, where the source reads none.
 */
public interface RowKeys {

  /** A row of {@code traces}. */
  void span(@Nullable String traceId, @Nullable String spanId, @Nullable RowContent row);

  /** A row of another table, with its attribute {@code sluice.load.key}. */
  void keyed(Table table, @Nullable String key, @Nullable RowContent row);
}
