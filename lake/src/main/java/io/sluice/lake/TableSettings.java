package io.sluice.lake;

import io.sluice.schema.table.Column;
import io.sluice.schema.table.ColumnType;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.TableProperties;

/** The properties a new table gets. */
final class TableSettings {

  /** Names the layout of marks and columns; a table with another value is not ours to write. */
  static final String FORMAT = "sluice.format";

  static final String FORMAT_NOW = "1";

  /** Counts the releases that added columns ({@link TableVersion}). */
  static final String SCHEMA = "sluice.schema";

  static final int SCHEMA_NOW = 1;

  private static final String MOST_SHARED_BYTES = Integer.toString(32 << 20);

  /**
   * Metadata stays uncompressed and old versions of it are deleted, so that any engine reads it and
   * a busy table does not grow. Retries are many and short: every commit of a table queues in one
   * process, and foreign ones are rare.
   */
  static Map<String, String> of(Table table) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(FORMAT, FORMAT_NOW);
    settings.put(SCHEMA, Integer.toString(SCHEMA_NOW));
    settings.put(TableProperties.FORMAT_VERSION, "2");
    settings.put(TableProperties.DEFAULT_FILE_FORMAT, "parquet");
    settings.put(TableProperties.PARQUET_COMPRESSION, "zstd");
    settings.put(TableProperties.METADATA_COMPRESSION, "none");
    settings.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    settings.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
    settings.put(TableProperties.MANIFEST_MIN_MERGE_COUNT, "50");
    settings.put(TableProperties.COMMIT_NUM_RETRIES, "20");
    settings.put(TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "20");
    settings.put(TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "1000");
    settings.put(TableProperties.COMMIT_TOTAL_RETRY_TIME_MS, "60000");
    for (Column column : TableSchema.of(table).columns()) {
      if (withoutBounds(column)) {
        settings.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + column.name(), "counts");
      }
      if (column.name().equals("trace_id")) {
        settings.put(
            TableProperties.PARQUET_BLOOM_FILTER_COLUMN_ENABLED_PREFIX + "trace_id", "true");
      }
      if (column.name().equals("dictionary")) { // large, and the same in many rows
        settings.put(TableProperties.PARQUET_DICT_SIZE_BYTES, MOST_SHARED_BYTES);
      }
    }
    return settings;
  }

  private static boolean withoutBounds(Column column) {
    return column.name().equals("body") || column.type() == ColumnType.Primitive.BINARY;
  }

  private TableSettings() {}
}
