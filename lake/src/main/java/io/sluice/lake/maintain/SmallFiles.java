package io.sluice.lake.maintain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;

/** Which files of a day are merged, and how many at a time: as many as the memory has room for. */
final class SmallFiles {

  /**
   * So few are no harm, and merging them again with each late one would be much work for little.
   */
  static final int SEVERAL = 4;

  private static final int MOST_AT_ONCE = 64;

  /** A page of each column that has large ones, decompressed. */
  private static final long MOST_PAGE_BYTES = 16L << 20;

  private static final int COMPRESSION = 4;
  private static final long DELETES_BYTES = 8L << 20;

  private final long targetBytes;
  private final long readBytes;

  SmallFiles(MaintenanceSettings settings) {
    this.targetBytes = settings.targetBytes();
    this.readBytes = settings.memoryBytes() / 2;
  }

  boolean isSmall(FileScanTask task) {
    long deletes = task.deletes().stream().mapToLong(delete -> delete.fileSizeInBytes()).sum();
    return task.file().format() == FileFormat.PARQUET
        && task.file().fileSizeInBytes() < targetBytes / 2
        && deletes <= DELETES_BYTES;
  }

  /** The smallest ones, as far as they make one file; empty if no two of them do. */
  List<FileScanTask> merge(List<FileScanTask> small) {
    List<FileScanTask> smallest = new ArrayList<>(small);
    smallest.sort(
        Comparator.<FileScanTask>comparingLong(task -> task.file().fileSizeInBytes())
            .thenComparing(task -> task.file().location()));
    List<FileScanTask> chosen = new ArrayList<>();
    long bytes = 0;
    long memory = 0;
    for (FileScanTask task : smallest) {
      bytes += task.file().fileSizeInBytes();
      memory += memory(task.file());
      if (bytes > targetBytes || memory > readBytes || chosen.size() == MOST_AT_ONCE) {
        break;
      }
      chosen.add(task);
    }
    return chosen.size() < 2 ? List.of() : chosen;
  }

  /** What reading it takes: a row group as it is in the file, and the pages that are open. */
  private static long memory(DataFile file) {
    long largest = file.fileSizeInBytes();
    List<Long> offsets = file.splitOffsets();
    if (offsets != null && !offsets.isEmpty()) {
      largest = 0;
      for (int i = 0; i < offsets.size(); i++) {
        long end = i + 1 < offsets.size() ? offsets.get(i + 1) : file.fileSizeInBytes();
        largest = Math.max(largest, end - offsets.get(i));
      }
    }
    return largest + Math.min(MOST_PAGE_BYTES, COMPRESSION * largest);
  }
}
