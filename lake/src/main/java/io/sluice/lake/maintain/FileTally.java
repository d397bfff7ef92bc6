package io.sluice.lake.maintain;

import org.apache.iceberg.FileScanTask;

/** So many files, of so many bytes in all. */
public record FileTally(long files, long bytes) {

  public static final FileTally NONE = new FileTally(0, 0);

  FileTally plus(FileScanTask file) {
    return plus(file.file().fileSizeInBytes());
  }

  FileTally plus(long fileBytes) {
    return new FileTally(files + 1, bytes + fileBytes);
  }

  FileTally plus(FileTally other) {
    return new FileTally(files + other.files, bytes + other.bytes);
  }
}
