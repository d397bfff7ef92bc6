package io.sluice.lake.maintain;

import io.sluice.lake.DamagedFileException;
import io.sluice.lake.FileTarget;
import io.sluice.lake.MaintainedTable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the rows of several files of a day into one, as the table wants its files. */
final class CompactedFile {

  private static final Logger LOG = LoggerFactory.getLogger(CompactedFile.class);

  /** How often it is asked whether to go on. */
  private static final int ROWS_BETWEEN = 10_000;

  private static final int PAGE_BYTES = 256 << 10;

  /** Nearly every value is another one, as the Writer's files have it. */
  private static final List<String> WITHOUT_DICTIONARY =
      List.of(
          "trace_id",
          "span_id",
          "parent_span_id",
          "time",
          "profile_id",
          "profile",
          "original_payload");

  private final MaintainedTable table;
  private final FileTarget target;
  private final LocalDate day;
  private final List<FileScanTask> tasks;
  private final String location;

  /** Not a name that a log's files have: see {@link io.sluice.lake.TableFileName}. */
  CompactedFile(
      MaintainedTable table, FileTarget target, LocalDate day, List<FileScanTask> tasks, UUID id) {
    this.table = table;
    this.target = target;
    this.day = day;
    this.tasks = tasks;
    this.location = target.location(day, "compacted-%s-%s.parquet".formatted(day, id));
  }

  /**
   * Empty: delete files take out all of the rows. It is whole and forced when it is returned; when
   * this throws, nothing of it is left.
   *
   * @param rowGroupBytes about so many are in memory before they are written
   */
  Optional<DataFile> write(long rowGroupBytes, Pace pace)
      throws UnreadableFileException, StoppedException, IOException {
    boolean whole = false;
    try {
      Optional<DataFile> written = merge(rowGroupBytes, pace);
      if (written.isPresent()) {
        table.requireWritten(target.io(), written.get());
        whole = true;
      }
      return written;
    } catch (DamagedFileException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      if (!whole) {
        discard();
      }
    }
  }

  private Optional<DataFile> merge(long rowGroupBytes, Pace pace)
      throws UnreadableFileException, StoppedException, IOException {
    long rows = 0;
    DataWriter<Record> file;
    try (SortedRows merged = new SortedRows(table.iceberg(), target.sortOrder(), tasks)) {
      file = open(rowGroupBytes);
      try (file) {
        for (Record row = merged.next(); row != null; row = merged.next()) {
          file.write(row);
          rows++;
          if (rows % ROWS_BETWEEN == 0 && !pace.goesOn()) {
            throw new StoppedException();
          }
        }
      }
    }
    if (rows == 0) {
      return Optional.empty();
    }
    DataFile written = file.toDataFile();
    if (written.recordCount() != rows) {
      throw new IOException(
          "cannot compact: %s has %d rows, expected %d"
              .formatted(location, written.recordCount(), rows));
    }
    return Optional.of(written);
  }

  private DataWriter<Record> open(long rowGroupBytes) throws IOException {
    Table iceberg = table.iceberg();
    long expected = tasks.stream().mapToLong(task -> task.file().recordCount()).sum();
    Parquet.DataWriteBuilder builder =
        Parquet.writeData(target.io().newOutputFile(location))
            .forTable(iceberg)
            .set(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(rowGroupBytes))
            .set(TableProperties.PARQUET_PAGE_SIZE_BYTES, Integer.toString(PAGE_BYTES))
            .set(
                TableProperties.PARQUET_BLOOM_FILTER_COLUMN_NDV_PREFIX + "trace_id",
                Long.toString(Math.max(1, expected)))
            .createWriterFunc(GenericParquetWriter::create)
            .withSpec(target.spec())
            .withPartition(target.partition(day))
            .overwrite(false);
    for (String column : WITHOUT_DICTIONARY) {
      if (iceberg.schema().findField(column) == null) {
        continue;
      }
      builder.set(TableProperties.PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + column, "false");
    }
    if (isSorted(target.sortOrder())) {
      builder.withSortOrder(target.sortOrder());
    }
    return builder.build();
  }

  private boolean isSorted(SortOrder order) {
    return order.isSorted()
        && tasks.stream()
            .map(task -> task.file().sortOrderId())
            .allMatch(id -> id != null && id == order.orderId());
  }

  /** What cannot be deleted now is an orphan, and a later run deletes it. */
  void discard() {
    try {
      target.io().deleteFile(location);
    } catch (RuntimeException e) {
      LOG.warn("cannot delete {}: nothing refers to it, a later run deletes it", location, e);
    }
  }
}
