package io.sluice.bench.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import io.sluice.bench.whole.Records.Entry;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.query.ColumnSet;
import io.sluice.query.HotRows;
import io.sluice.query.TableRead;
import io.sluice.query.TableReader;
import io.sluice.query.Writers;
import io.sluice.schema.otlp.RowsToOtlp;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** What the tables of a data directory hold, as the records that they were. */
final class StoredRecords implements AutoCloseable {

  private static final List<String> RAW =
      List.of("otlp_raw", "resource_raw", "scope_raw", "metric_raw");
  private static final int WINDOW = 500;

  private final BufferAllocator allocator = new RootAllocator();
  private final Lake lake;
  private final Map<String, Integer> seen = new TreeMap<>();
  private long withoutRaw;

  StoredRecords(Path data) throws Exception {
    forgetCounts();
    lake =
        Lake.open(
            LakeConfig.of(
                "jdbc:sqlite:" + data.resolve("catalog.db"), "file://" + data.resolve("warehouse")),
            Clock.systemUTC());
  }

  /** Counts the rows read from now on. */
  void forgetCounts() {
    withoutRaw = 0;
    for (Table table : Table.all()) {
      for (String column : RAW) {
        if (TableSchema.of(table).arrow().getFields().stream()
            .anyMatch(f -> f.getName().equals(column))) {
          seen.put("%s.%s: null".formatted(table, column), 0);
          seen.put("%s.%s: bytes".formatted(table, column), 0);
        }
      }
    }
  }

  /** How often raw columns had bytes, and how often none, by table. */
  Map<String, Integer> counts() {
    return seen;
  }

  /** How many of these rows had no raw column filled. */
  long withoutRaw() {
    return withoutRaw;
  }

  /** What the table's snapshot does not hold yet: from the Writer, by Flight. */
  List<Entry> hot(HostPort writer, Table table) throws Exception {
    List<Entry> entries = new ArrayList<>();
    try (Writers writers = Writers.at(List.of(writer), allocator);
        TableRead read =
            new TableReader(lake, writers, allocator, false)
                .open("default", table, ColumnSet.ALL)) {
      for (HotRows rows : read.hot()) {
        while (rows.loadNextBatch()) {
          entries.addAll(entries(table, rows.getVectorSchemaRoot()));
        }
      }
    }
    return entries;
  }

  /** What the table's snapshot holds: from its files, by Iceberg's own reader. */
  List<Entry> persisted(Table table) throws Exception {
    List<Entry> entries = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(iceberg(table)).build()) {
      List<Record> window = new ArrayList<>();
      for (Record record : records) {
        window.add(record);
        if (window.size() == WINDOW) {
          entries.addAll(entries(table, window));
          window.clear();
        }
      }
      entries.addAll(entries(table, window));
    }
    return entries;
  }

  /** How many data files the table has: one for each day and shard of each flush. */
  long files(Table table) throws IOException {
    try (CloseableIterable<FileScanTask> tasks = iceberg(table).newScan().planFiles()) {
      long files = 0;
      for (FileScanTask task : tasks) {
        files += task.file().recordCount() > 0 ? 1 : 0;
      }
      return files;
    }
  }

  org.apache.iceberg.Table iceberg(Table table) {
    return lake.catalog().loadTable(TableIdentifier.of("default", table.tableName()));
  }

  private List<Entry> entries(Table table, List<Record> records) {
    try (VectorSchemaRoot root =
        VectorSchemaRoot.create(TableSchema.of(table).arrow(), allocator)) {
      RecordRows.fill(root, records);
      return entries(table, root);
    }
  }

  private List<Entry> entries(Table table, VectorSchemaRoot rows) {
    RowsToOtlp otlp = new RowsToOtlp(table);
    List<Entry> entries = new ArrayList<>();
    for (byte[] request : otlp.requests(rows)) {
      DynamicMessage message = OtlpBytes.parse(table.signal(), request);
      entries.addAll(Records.of(table.signal(), message, Integer.MAX_VALUE).entries());
    }
    assertThat(otlp.mismatchedTypes()).isZero();
    lookAtRaw(table, rows);
    assertThat(entries).hasSize(rows.getRowCount());
    return entries;
  }

  private void lookAtRaw(Table table, VectorSchemaRoot rows) {
    for (int i = 0; i < rows.getRowCount(); i++) {
      boolean plain = true;
      for (String column : RAW) {
        if (rows.getVector(column) != null) {
          boolean isNull = rows.getVector(column).isNull(i);
          seen.merge(
              "%s.%s: %s".formatted(table, column, isNull ? "null" : "bytes"), 1, Integer::sum);
          plain &= isNull;
        }
      }
      withoutRaw += plain ? 1 : 0;
    }
  }

  @Override
  public void close() throws Exception {
    try (allocator) {
      lake.close();
    }
  }
}
