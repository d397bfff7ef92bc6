package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** By Iceberg's own reader, so that the audit shares no code with what it audits. */
final class IcebergRows implements FileRows {

  private final Expression which;

  /** All rows. */
  IcebergRows() {
    this.which = Expressions.alwaysTrue();
  }

  /** Those that were received since then. */
  IcebergRows(Instant since) {
    this.which = Expressions.greaterThanOrEqual("ingest_time", since.toString());
  }

  @Override
  public long read(Table table, org.apache.iceberg.Table iceberg, Snapshot snapshot, RowKeys rows)
      throws IOException {
    long count = 0;
    boolean spans = table == Table.TRACES;
    ReadColumns columns = ReadColumns.of(table);
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(iceberg)
            .useSnapshot(snapshot.snapshotId())
            .select(columns.all())
            .where(which)
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
