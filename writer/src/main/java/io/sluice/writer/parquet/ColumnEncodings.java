package io.sluice.writer.parquet;

import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.schema.MessageType;

/** How each column is encoded, and what is kept about it for readers that skip. */
final class ColumnEncodings {

  static final String BLOOM_COLUMN = "trace_id";

  /** Nearly every value is another one: a dictionary is work that is thrown away. */
  private static final Set<String> DISTINCT =
      Set.of(
          "trace_id",
          "span_id",
          "parent_span_id",
          "time",
          "time_unix_nano",
          "start_time_unix_nano",
          "end_time_unix_nano",
          "observed_time_unix_nano",
          "duration_nano",
          "profile_id",
          "profile",
          "original_payload");

  /** All profiles of a request have its dictionary, which may be large: it is written once. */
  private static final String SHARED_COLUMN = "dictionary";

  private static final int MOST_SHARED_BYTES = 32 << 20;

  private static final double FALSE_POSITIVES = 0.01;
  private static final int MOST_BLOOM_BYTES = 4 << 20;

  /**
   * @param rows how many rows the row group will have at most; sizes the bloom filter
   */
  static ParquetProperties of(MessageType schema, long rows) {
    ParquetProperties.Builder properties =
        ParquetProperties.builder()
            .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
            .withPageWriteChecksumEnabled(true)
            .withSizeStatisticsEnabled(false)
            .withMaxBloomFilterBytes(MOST_BLOOM_BYTES);
    for (ColumnDescriptor column : schema.getColumns()) {
      String[] path = column.getPath();
      String name = String.join(".", path);
      if (DISTINCT.contains(path[path.length - 1])) {
        properties.withDictionaryEncoding(name, false);
      }
      if (column.getMaxRepetitionLevel() > 0) {
        // Bounds over all elements of all lists tell nothing, and cost a comparison for each.
        properties.withStatisticsEnabled(name, false);
      }
    }
    if (schema.containsField(SHARED_COLUMN)) {
      properties.withDictionaryPageSize(MOST_SHARED_BYTES);
    }
    if (schema.containsField(BLOOM_COLUMN)) {
      properties
          .withBloomFilterEnabled(BLOOM_COLUMN, true)
          .withBloomFilterFPP(BLOOM_COLUMN, FALSE_POSITIVES)
          .withBloomFilterNDV(BLOOM_COLUMN, rows);
    }
    return properties.build();
  }

  private ColumnEncodings() {}
}
