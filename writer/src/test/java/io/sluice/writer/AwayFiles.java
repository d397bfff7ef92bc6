package io.sluice.writer;

import io.sluice.lake.ForcingFileIO;
import java.util.Map;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * A warehouse that takes no file while the test says so. What is there can be read: Iceberg would
 * try that for minutes before anybody is told.
 */
public final class AwayFiles implements SupportsPrefixOperations {

  private static final long serialVersionUID = 1L;

  private final ForcingFileIO files = new ForcingFileIO();
  public volatile boolean away;
  public volatile boolean deletesNothing;

  @Override
  public InputFile newInputFile(String location) {
    return files.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    if (away) {
      throw new RuntimeIOException("the store is away");
    }
    return files.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    if (deletesNothing) {
      throw new RuntimeIOException("the store deletes nothing");
    }
    files.deleteFile(location);
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    return files.listPrefix(prefix);
  }

  @Override
  public void deletePrefix(String prefix) {
    files.deletePrefix(prefix);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }
}
