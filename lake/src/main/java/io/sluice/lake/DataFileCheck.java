package io.sluice.lake;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Reads back what a commit is about to make the only copy of its rows: the file's length, and its
 * footer with the number of rows. Pages are not read.
 */
final class DataFileCheck {

  /** Read at once, so that one request to a store is enough. */
  private static final int USUAL_FOOTER = 64 << 10;

  /** A thousand times what ours have. */
  private static final int LARGEST_FOOTER = 64 << 20;

  /** Bytes behind a footer: its length, and PAR1. */
  private static final int MARK = 8;

  private static final int PAR1 = 0x31524150; // little-endian

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

  private static long rows(InputFile file, long length) throws DamagedFileException {
    byte[] end = end(file, length, Math.min(length, USUAL_FOOTER));
    int footer = footerBytes(end);
    if (footer > end.length - MARK && footer <= Math.min(length - MARK, LARGEST_FOOTER)) {
      end = end(file, length, footer + MARK);
    }
    int from = end.length - MARK - footer;
    if (footer < 0 || from < 0) {
      throw noFooter(file, length, "it does not end in PAR1 and a length before that");
    }
    try {
      FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(end, from, footer));
      long rows = metadata.getRow_groups().stream().mapToLong(RowGroup::getNum_rows).sum();
      if (rows != metadata.getNum_rows()) {
        throw noFooter(file, length, "its row groups have other rows than it says");
      }
      return rows;
    } catch (IOException | RuntimeException e) { // it is in memory: what cannot be read is none
      throw noFooter(file, length, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Of what is behind it, which is the mark and before that the length; negative: there is none.
   */
  private static int footerBytes(byte[] end) {
    ByteBuffer mark = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    return end.length < MARK || mark.getInt(end.length - 4) != PAR1
        ? -1
        : mark.getInt(end.length - MARK);
  }

  private static byte[] end(InputFile file, long length, long bytes) {
    byte[] end = new byte[Math.toIntExact(bytes)];
    try (SeekableInputStream in = file.newStream()) {
      in.seek(length - bytes);
      if (in.readNBytes(end, 0, end.length) < end.length) {
        throw new EOFException("it ended while it was read: " + file.location());
      }
      return end;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DamagedFileException noFooter(InputFile file, long length, String why) {
    return new DamagedFileException(
        "cannot commit %s: no Parquet footer at its end, offset %d: %s"
            .formatted(file.location(), length, why));
  }

  private DataFileCheck() {}
}
