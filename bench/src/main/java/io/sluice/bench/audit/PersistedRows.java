package io.sluice.bench.audit;

import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jspecify.annotations.Nullable;

/** What a table's files have, at one load of its metadata. */
final class PersistedRows {

  private static final String MARK = "sluice.position.";

  private final Table table;
  private final org.apache.iceberg.@Nullable Table iceberg;
  private final @Nullable Snapshot snapshot;

  private PersistedRows(Table table, org.apache.iceberg.@Nullable Table iceberg) {
    this.table = table;
    this.iceberg = iceberg;
    this.snapshot = iceberg == null ? null : iceberg.currentSnapshot();
  }

  /** A table that is not there has no rows and no marks. */
  static PersistedRows load(Catalog catalog, String tenant, Table table) {
    try {
      return new PersistedRows(
          table, catalog.loadTable(TableIdentifier.of(tenant, table.tableName())));
    } catch (NoSuchTableException e) {
      return new PersistedRows(table, null);
    }
  }

  /** Up to where of each log the rows are. */
  Map<UUID, Long> marks() {
    Map<UUID, Long> marks = new HashMap<>();
    if (iceberg != null) {
      iceberg
          .properties()
          .forEach(
              (key, value) -> {
                if (key.startsWith(MARK)) {
                  marks.put(UUID.fromString(key.substring(MARK.length())), Long.valueOf(value));
                }
              });
    }
    return marks;
  }

  /** Returns how many there were. */
  long read(FileRows files, RowKeys rows) throws IOException {
    return iceberg == null || snapshot == null ? 0 : files.read(table, iceberg, snapshot, rows);
  }
}
