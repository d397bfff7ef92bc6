package io.sluice.lake;

import java.io.UncheckedIOException;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;

/**
 * Reads back what a commit is about to make the only copy of its rows: the file's length, and its
 * footer with the number of rows. Pages are not read.
 */
final class DataFileCheck {

  /**
   * @throws DamagedFileException it is another file than was written, or none
   * @throws UncheckedIOException it cannot be read now
   */
  static void require(FileIO io, DataFile written) throws DamagedFileException {
    String location = written.location();
    try {
      InputFile file = io.newInputFile(location);
      if (!file.exists()) {
        throw new DamagedFileException("cannot commit " + location + ": it is not there");
      }
      long length = file.getLength();
      if (length != written.fileSizeInBytes()) {
        throw new DamagedFileException(
            "cannot commit %s: it ends at offset %d, expected %d"
                .formatted(location, length, written.fileSizeInBytes()));
      }
      long rows = rows(file, length);
      if (rows != written.recordCount()) {
        throw new DamagedFileException(
            "cannot commit %s: its footer at the end, offset %d, has %d rows, expected %d"
                .formatted(location, length, rows, written.recordCount()));
      }
    } catch (NotFoundException e) {
      throw new DamagedFileException("cannot commit " + location + ": it is not there");
    }
  }

  /** Whatever a footer that is none makes its reader throw, except that a disk cannot be read. */
  private static long rows(InputFile file, long length) throws DamagedFileException {
    try {
      return ParquetUtil.fileMetrics(file, MetricsConfig.getDefault()).recordCount();
    } catch (UncheckedIOException | NotFoundException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DamagedFileException(
          "cannot commit %s: no Parquet footer at its end, offset %d: %s"
              .formatted(file.location(), length, e.getMessage()));
    }
  }

  private DataFileCheck() {}
}
