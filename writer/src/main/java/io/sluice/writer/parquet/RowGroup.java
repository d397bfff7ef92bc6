package io.sluice.writer.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;

/** The rows of a file that are not in it yet: encoded and compressed, page by page, in memory. */
final class RowGroup implements AutoCloseable {

  private final ColumnTree columns;
  private final ColumnChunkPageWriteStore pages;
  private final List<ColumnChunk> chunks = new ArrayList<>();
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
    ColumnChunk.Scratch scratch = new ColumnChunk.Scratch();
    columns.attach(column -> chunk(column, properties, scratch));
  }

  private ColumnChunk chunk(
      ColumnDescriptor column, ParquetProperties properties, ColumnChunk.Scratch scratch) {
    ColumnChunk chunk = new ColumnChunk(column, properties, pages, scratch);
    chunks.add(chunk);
    return chunk;
  }

  void write(VectorSchemaRoot window, int from, int to) throws IOException {
    columns.write(window, from, to);
    for (ColumnChunk chunk : chunks) {
      chunk.endRows(to - from);
    }
    rows += to - from;
  }

  long rows() {
    return rows;
  }

  long bufferedBytes() {
    long bytes = 0;
    for (ColumnChunk chunk : chunks) {
      bytes += chunk.bufferedBytes();
    }
    return bytes;
  }

  void flushTo(ParquetFileWriter file) throws IOException {
    file.startBlock(rows);
    for (ColumnChunk chunk : chunks) {
      chunk.finish();
    }
    pages.flushToFileWriter(file);
    file.endBlock();
  }

  @Override
  public void close() {
    pages.close();
  }
}
