package io.sluice.lake;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.SnapshotSummary;
import org.jspecify.annotations.Nullable;

/**
 * How much a version of a table has in data files; what delete files take from it is not looked at.
 *
 * @param bytes of the files
 */
public record TableTotals(long rows, long files, long bytes) {

  /** Of a table that is not there, or holds nothing. */
  public static final TableTotals NOTHING = new TableTotals(0, 0, 0);

  /** As a commit's summary has it; null: it does not say, or in no numbers. */
  static @Nullable TableTotals of(Map<String, String> summary) {
    try {
      return new TableTotals(
          Long.parseLong(summary.get(SnapshotSummary.TOTAL_RECORDS_PROP)),
          Long.parseLong(summary.get(SnapshotSummary.TOTAL_DATA_FILES_PROP)),
          Long.parseLong(summary.get(SnapshotSummary.TOTAL_FILE_SIZE_PROP)));
    } catch (NumberFormatException e) { // also of what is not there
      return null;
    }
  }

  static TableTotals of(List<FileScanTask> files) {
    return new TableTotals(
        files.stream().mapToLong(file -> file.file().recordCount()).sum(),
        files.size(),
        files.stream().mapToLong(file -> file.file().fileSizeInBytes()).sum());
  }
}
