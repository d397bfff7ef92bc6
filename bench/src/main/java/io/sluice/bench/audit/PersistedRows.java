package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * What a table's files have, at one load of its metadata: read with Iceberg's own reader, so that
 * the audit shares no code with what it audits.
 */
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
  long read(RowKeys rows) throws IOException {
    if (iceberg == null || snapshot == null) {
      return 0;
    }
    long count = 0;
    boolean spans = table == Table.TRACES;
    ReadColumns columns = ReadColumns.of(table);
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(iceberg)
            .useSnapshot(snapshot.snapshotId())
            .select(columns.all())
            .build()) {
      for (Record row : records) {
        count++;
        Content content = new Content(row, columns);
        if (spans) {
          rows.span((String) row.getField("trace_id"), (String) row.getField("span_id"), content);
        } else {
          Map<?, ?> attributes = (Map<?, ?>) row.getField("attributes");
          rows.keyed(
              table,
              attributes == null ? null : (String) attributes.get(RunKeys.ATTRIBUTE),
              content);
        }
      }
    }
    return count;
  }

  private record Content(Record row, ReadColumns columns) implements RowContent {

    @Override
    public long timeUnixNano() {
      return (Long) row.getField(columns.time());
    }

    @Override
    public @Nullable String service() {
      return (String) row.getField(ReadColumns.SERVICE);
    }

    @Override
    public @Nullable String name() {
      return (String) row.getField(columns.name());
    }
  }
}
