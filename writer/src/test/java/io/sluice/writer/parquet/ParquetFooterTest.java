package io.sluice.writer.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableFileName;
import io.sluice.schema.table.Table;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.TypeUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file tells readers who want to skip; the footer is read by DuckDB. */
class ParquetFooterTest {

  @TempDir Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private Lake lake;

  @BeforeEach
  void open() throws Exception {
    lake =
        Lake.open(
            LakeConfig.of(
                "jdbc:sqlite:" + directory.resolve("catalog.db"),
                "file://" + directory.resolve("warehouse")),
            Clock.systemUTC());
    lake.ensureTables("default");
  }

  @AfterEach
  void close() {
    lake.close();
    allocator.close();
  }

  @Test
  void pagesAreZstdWithIndexesAndFieldIds() throws Exception {
    FileTarget target = lake.table("default", Table.TRACES).target();
    String file = write(target, new RandomRows(1).rows(Table.TRACES, 500)).location();
    assertThat(Readers.query("SELECT DISTINCT compression FROM parquet_metadata(FILE)", file))
        .containsExactly("ZSTD");
    assertThat(
            Readers.query(
                "SELECT path_in_schema FROM parquet_metadata(FILE) WHERE bloom_filter_offset IS NOT NULL",
                file))
        .containsExactly("trace_id");
    Set<String> ids =
        new HashSet<>(
            Readers.query(
                "SELECT field_id FROM parquet_schema(FILE) WHERE field_id IS NOT NULL", file));
    assertThat(ids)
        .containsExactlyInAnyOrderElementsOf(
            TypeUtil.indexById(target.schema().asStruct()).keySet().stream()
                .map(String::valueOf)
                .toList());
    assertThat(PageIndexes.of(Path.of(Readers.path(file)))).isEqualTo(PageIndexes.OF_EVERY_COLUMN);
  }

  @Test
  void absentTraceIdIsSkippedByTheBloomFilter() throws Exception {
    List<Map<String, Object>> rows = new RandomRows(2).rows(Table.TRACES, 500);
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).put("trace_id", "%032x".formatted(i * 7919L));
    }
    String file = write(lake.table("default", Table.TRACES).target(), rows).location();
    String excludes =
        "SELECT bloom_filter_excludes FROM parquet_bloom_probe(FILE, 'trace_id', '%032x')";
    assertThat(Readers.query(excludes.formatted(3 * 7919L), file)).containsExactly("false");
    String probes =
        IntStream.range(0, 100)
            .mapToObj(i -> excludes.formatted(i * 7919L + 1))
            .collect(Collectors.joining(" UNION ALL "));
    long excluded = Readers.query(probes, file).stream().filter("true"::equals).count();
    assertThat(excluded).isGreaterThan(90);
  }

  /** Of requests whose dictionaries are larger than a page, and cannot be compressed. */
  @Test
  void dictionaryOfARequestIsInAFileOnce() throws Exception {
    Random random = new Random(4);
    List<Map<String, Object>> rows = new RandomRows(4).rows(Table.PROFILES, 40);
    byte[][] dictionaries = new byte[3][2 << 20];
    for (byte[] dictionary : dictionaries) {
      random.nextBytes(dictionary);
    }
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).put("dictionary", dictionaries[i % dictionaries.length]);
    }
    DataFile file = write(lake.table("default", Table.PROFILES).target(), rows);
    assertThat(file.fileSizeInBytes()).isLessThan((3L << 21) + (1 << 20));
    assertThat(
            Readers.query(
                "SELECT count(*) FROM read_parquet(FILE) WHERE octet_length(dictionary) = 2097152",
                file.location()))
        .containsExactly("40");
  }

  @Test
  void boundsAreThoseOfTheRowsAndNotOfMapsBodyOrRaw() throws Exception {
    FileTarget target = lake.table("default", Table.LOGS).target();
    List<Map<String, Object>> rows = new RandomRows(3).rows(Table.LOGS, 300);
    DataFile file = write(target, rows);
    long first = rows.stream().mapToLong(r -> (Long) r.get("time")).min().getAsLong();
    long last = rows.stream().mapToLong(r -> (Long) r.get("time")).max().getAsLong();
    assertThat(bound(target.schema(), file.lowerBounds(), "time")).isEqualTo(first);
    assertThat(bound(target.schema(), file.upperBounds(), "time")).isEqualTo(last);
    assertThat(bound(target.schema(), file.lowerBounds(), "service_name")).hasToString("service-0");
    assertThat(bound(target.schema(), file.upperBounds(), "service_name")).hasToString("service-2");
    for (String column :
        List.of(
            "body",
            "otlp_raw",
            "resource_raw",
            "scope_raw",
            "attributes.key",
            "attributes.value")) {
      int id = target.schema().findField(column).fieldId();
      assertThat(file.lowerBounds()).as(column).doesNotContainKey(id);
      assertThat(file.upperBounds()).as(column).doesNotContainKey(id);
    }
    int body = target.schema().findField("body").fieldId();
    long nulls = rows.stream().filter(r -> r.get("body") == null).count();
    assertThat(file.nullValueCounts()).containsEntry(body, nulls);
    assertThat(file.sortOrderId()).isNotZero();
  }

  @Test
  void nanIsCountedAndTakesTheBoundsAway() throws Exception {
    FileTarget target = lake.table("default", Table.METRICS_GAUGE).target();
    List<Map<String, Object>> rows = new RandomRows(4).rows(Table.METRICS_GAUGE, 5);
    Double[] values = {2.5, Double.NaN, null, -1.5, Double.NaN};
    for (int i = 0; i < values.length; i++) {
      rows.get(i).put("value", values[i]);
    }
    DataFile file = write(target, rows);
    int id = target.schema().findField("value").fieldId();
    assertThat(file.nanValueCounts()).containsEntry(id, 2L);
    assertThat(file.nullValueCounts()).containsEntry(id, 1L);
    assertThat(file.valueCounts()).containsEntry(id, 5L);
    assertThat(file.lowerBounds()).as("NaN may count as greater than all").doesNotContainKey(id);
    assertThat(file.upperBounds()).doesNotContainKey(id);
  }

  @Test
  void doublesHaveTheirBounds() throws Exception {
    FileTarget target = lake.table("default", Table.METRICS_GAUGE).target();
    List<Map<String, Object>> rows = new RandomRows(4).rows(Table.METRICS_GAUGE, 3);
    Double[] values = {2.5, null, -1.5};
    for (int i = 0; i < values.length; i++) {
      rows.get(i).put("value", values[i]);
    }
    DataFile file = write(target, rows);
    assertThat(bound(target.schema(), file.lowerBounds(), "value")).isEqualTo(-1.5);
    assertThat(bound(target.schema(), file.upperBounds(), "value")).isEqualTo(2.5);
  }

  @Test
  void columnOfNothingButNanHasNoBoundsAndSaysNotSo() throws Exception {
    FileTarget target = lake.table("default", Table.METRICS_GAUGE).target();
    List<Map<String, Object>> rows = new RandomRows(4).rows(Table.METRICS_GAUGE, 3);
    rows.forEach(row -> row.put("value", Double.NaN));
    DataFile file = write(target, rows);
    int id = target.schema().findField("value").fieldId();
    assertThat(file.nanValueCounts())
        .as("Iceberg would skip it for value > 1")
        .doesNotContainKey(id);
    assertThat(file.lowerBounds()).doesNotContainKey(id);
    assertThat(file.upperBounds()).doesNotContainKey(id);
  }

  @Test
  void filesOutsideAServiceAreNotPlanned() throws Exception {
    LakeTable traces = lake.table("default", Table.TRACES);
    DataFile file = write(traces.target(), new RandomRows(5).rows(Table.TRACES, 300));
    traces.commit(new LogRange(new UUID(1, 1), 0, 1), List.of(file));
    assertThat(planned("service-1")).isEqualTo(1);
    assertThat(planned("zebra")).isZero();
  }

  private long planned(String service) throws Exception {
    org.apache.iceberg.Table table =
        lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().filter(Expressions.equal("service_name", service)).planFiles()) {
      long count = 0;
      for (FileScanTask task : tasks) {
        count += task.file().recordCount() > 0 ? 1 : 0;
      }
      return count;
    }
  }

  private static Object bound(Schema schema, Map<Integer, ByteBuffer> bounds, String column) {
    return Conversions.fromByteBuffer(
        schema.findType(column), bounds.get(schema.findField(column).fieldId()));
  }

  private DataFile write(FileTarget target, List<Map<String, Object>> rows) throws Exception {
    String name =
        TableFileName.of(new LogRange(new UUID(1, 1), 0, 1), RandomRows.DAY, 0, UUID.randomUUID());
    try (VectorSchemaRoot window = PlainRows.window(target.table(), allocator, rows);
        ParquetTableWriter writer =
            ParquetTableWriter.open(target, RandomRows.DAY, name, rows.size(), 128L << 20)) {
      writer.write(window);
      return writer.finish();
    }
  }
}
