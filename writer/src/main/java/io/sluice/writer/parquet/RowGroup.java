package io.sluice.writer.parquet;

import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;

/** The rows of a file that are not in it yet: encoded and compressed, page by page, in memory. */
final class RowGroup implements AutoCloseable {

  private final ColumnTree columns;
  private final ColumnChunkPageWriteStore pages;
  private final ColumnWriteStore store;
  private long rows;

  /**
   * @param rowsExpected at most as many rows will be written; more only makes the bloom filter
   *     worse
   */
  RowGroup(ColumnTree columns, BytesInputCompressor compressor, int ordinal, long rowsExpected) {
    this.columns = columns;
    ParquetProperties properties = ColumnEncodings.of(columns.schema(), rowsExpected);
    this.pages =
        ColumnChunkPageWriteStore.builder()
            .withCompressorProvider(column -> compressor)
            .withSchema(columns.schema())
            .withAllocator(properties.getAllocator())
            .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
            .withPageWriteChecksumEnabled(properties.getPageWriteChecksumEnabled())
            .withRowGroupOrdinal(ordinal)
            .build();
    this.store = properties.newColumnWriteStore(columns.schema(), pages, pages);
    columns.attach(store);
  }

  void write(VectorSchemaRoot window, int from, int to) {
    columns.write(window, from, to);
    // Pages end only here, so a column is written for many rows at a time.
    for (int row = from; row < to; row++) {
      store.endRecord();
    }
    rows += to - from;
  }

  long rows() {
    return rows;
  }

  long bufferedBytes() {
    return store.getBufferedSize();
  }

  void flushTo(ParquetFileWriter file) throws IOException {
    file.startBlock(rows);
    store.flush();
    pages.flushToFileWriter(file);
    file.endBlock();
  }

  @Override
  public void close() {
    store.close();
    pages.close();
  }
}
