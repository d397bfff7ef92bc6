package io.sluice.writer.parquet;

import io.sluice.lake.FileTarget;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes one data file: the rows of one day and shard, in the table's sort order, column by column
 * from windows of plain rows. Must end by {@link #finish} or {@link #abort}. One thread uses it.
 */
public final class ParquetTableWriter implements AutoCloseable {

  /** Windows of this size keep a column's values in the processor's cache. */
  public static final int WINDOW_ROWS = 2_048;

  /** What is encoded before sizes are looked at again: bounds pages of very large rows. */
  private static final long STEP_BYTES = 8L << 20;

  private final FileTarget target;
  private final LocalDate day;
  private final OutputFile output;
  private final long rowGroupBytes;
  private final long rowsExpected;
  private final ColumnTree columns;
  private final PageCompressor compressor;
  private final ParquetFileWriter file;
  private @Nullable RowGroup rowGroup;
  private int rowGroups;
  private long rows;
  private boolean ended;

  private ParquetTableWriter(
      FileTarget target,
      LocalDate day,
      OutputFile output,
      long rowsExpected,
      long rowGroupBytes,
      PageCompressor compressor)
      throws IOException {
    this.compressor = compressor;
    this.target = target;
    this.day = day;
    this.output = output;
    this.rowsExpected = rowsExpected;
    this.rowGroupBytes = rowGroupBytes;
    this.columns = new ColumnTree(target.schema());
    ParquetProperties properties = ColumnEncodings.of(columns.schema(), rowsExpected);
    this.file =
        new ParquetFileWriter(
            new ParquetOutput(output),
            columns.schema(),
            ParquetFileWriter.Mode.CREATE,
            rowGroupBytes,
            0,
            (FileEncryptionProperties) null,
            properties);
  }

  /**
   * Creates the file; it must not be there.
   *
   * @param day the UTC day of {@code time} in every row
   * @param fileName unique: see {@link io.sluice.lake.TableFileName}
   * @param rowsExpected how many rows will be written; sizes the bloom filters
   * @param rowGroupBytes a row group ends when it has about so many bytes in the file
   */
  public static ParquetTableWriter open(
      FileTarget target, LocalDate day, String fileName, long rowsExpected, long rowGroupBytes)
      throws IOException {
    OutputFile output = target.io().newOutputFile(target.location(day, fileName));
    PageCompressor compressor = PageCompressor.take();
    ParquetTableWriter writer;
    try {
      writer = new ParquetTableWriter(target, day, output, rowsExpected, rowGroupBytes, compressor);
    } catch (IOException | RuntimeException e) {
      compressor.release();
      throw e;
    }
    try {
      writer.file.start();
      return writer;
    } catch (IOException e) {
      writer.abort();
      throw e;
    }
  }

  /** Where the file is. */
  public String location() {
    return output.location();
  }

  /**
   * Adds the rows of a window, whose vectors are those of {@code TableSchema.arrow()}. They are
   * read before this returns.
   */
  public void write(VectorSchemaRoot window) throws IOException {
    columns.require(window);
    int count = window.getRowCount();
    int step = step(window);
    for (int from = 0; from < count; from += step) {
      int to = Math.min(count, from + step);
      RowGroup group = group();
      group.write(window, from, to);
      rows += to - from;
      if (group.bufferedBytes() >= rowGroupBytes) {
        endRowGroup(group);
      }
    }
  }

  private static int step(VectorSchemaRoot window) {
    long bytes = 1;
    for (FieldVector vector : window.getFieldVectors()) {
      bytes += vector.getBufferSize();
    }
    long rows = Math.max(1, window.getRowCount() * STEP_BYTES / bytes);
    return (int) Math.min(WINDOW_ROWS, rows);
  }

  private RowGroup group() {
    RowGroup group = rowGroup;
    if (group == null) {
      group = new RowGroup(columns, compressor, rowGroups, Math.max(1, rowsExpected - rows));
      rowGroup = group;
      rowGroups++;
    }
    return group;
  }

  private void endRowGroup(RowGroup group) throws IOException {
    try (group) {
      rowGroup = null;
      group.flushTo(file);
    }
  }

  /** Ends the file and forces it; returns what a commit has to know about it. */
  public DataFile finish() throws IOException {
    if (ended || rows == 0) {
      throw new IllegalStateException("cannot finish file " + location() + " of " + rows + " rows");
    }
    if (rowGroup != null) {
      endRowGroup(rowGroup);
    }
    file.end(Map.of("iceberg.schema", SchemaParser.toJson(target.schema())));
    long length = file.getPos();
    file.close();
    DataFile described = describe(file.getFooter(), length);
    compressor.release();
    ended = true;
    return described;
  }

  private DataFile describe(ParquetMetadata footer, long length) {
    Metrics metrics = ParquetUtil.footerMetrics(footer, columns.doubleMetrics(), target.metrics());
    DayBounds.require(target.schema(), metrics, day);
    return DataFiles.builder(target.spec())
        .withPath(location())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(length)
        .withPartition(target.partition(day))
        .withMetrics(metrics)
        .withSplitOffsets(ParquetUtil.getSplitOffsets(footer))
        .withSortOrder(target.sortOrder())
        .build();
  }

  /** Gives up: the file is deleted. Does nothing after {@link #finish}. */
  public void abort() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    file.abort();
    try {
      if (rowGroup != null) {
        rowGroup.close();
      }
      file.close();
    } finally {
      compressor.release();
      target.io().deleteFile(location());
    }
  }

  /** Aborts unless finished. */
  @Override
  public void close() throws IOException {
    abort();
  }
}
