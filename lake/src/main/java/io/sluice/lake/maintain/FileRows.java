package io.sluice.lake.maintain;

import java.io.IOException;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one data file that no delete file takes out, in its order, with all columns that the
 * table has; read a row group at a time. One thread uses it.
 */
final class FileRows implements AutoCloseable {

  private final String location;
  private final long expected;
  private final CloseableIterable<Record> rows;
  private final CloseableIterator<Record> iterator;
  private @Nullable Record current;
  private long read;

  private FileRows(String location, long expected, CloseableIterable<Record> rows) {
    this.location = location;
    this.expected = expected;
    this.rows = rows;
    this.iterator = rows.iterator();
  }

  /** At its first row, if it has one. */
  static FileRows open(Table table, FileScanTask task) throws UnreadableFileException {
    String location = task.file().location();
    try {
      GenericDeleteFilter deletes =
          new GenericDeleteFilter(table.io(), task, table.schema(), table.schema());
      Schema columns = deletes.requiredSchema();
      Parquet.ReadBuilder builder =
          Parquet.read(table.io().newInputFile(location))
              .project(columns)
              .createReaderFunc(file -> GenericParquetReaders.buildReader(columns, file));
      String names = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
      if (names != null) {
        builder.withNameMapping(NameMappingParser.fromJson(names));
      }
      long expected = task.deletes().isEmpty() ? task.file().recordCount() : -1;
      FileRows rows = new FileRows(location, expected, deletes.filter(builder.build()));
      try {
        rows.advance();
        return rows;
      } catch (UnreadableFileException e) {
        rows.close();
        throw e;
      }
    } catch (RuntimeException | IOException e) {
      throw unreadable(location, e);
    }
  }

  private static UnreadableFileException unreadable(String location, Exception e) {
    return new UnreadableFileException(location, String.valueOf(e.getMessage()), e);
  }

  /** Null at the end. */
  @Nullable Record current() {
    return current;
  }

  void advance() throws UnreadableFileException {
    try {
      current = iterator.hasNext() ? iterator.next() : null;
    } catch (RuntimeException e) {
      throw unreadable(location, e);
    }
    if (current != null) {
      read++;
    } else if (expected >= 0 && read != expected) {
      throw new UnreadableFileException(
          location, "it has %d rows, the table says %d".formatted(read, expected));
    }
  }

  @Override
  public void close() throws IOException {
    iterator.close();
    rows.close();
  }
}
