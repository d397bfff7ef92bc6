package io.sluice.writer;

import io.sluice.lake.ForcingFileIO;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** A warehouse that was recorded in one place and lies in another: tables name absolute paths. */
final class MovedFiles implements SupportsPrefixOperations {

  private static final long serialVersionUID = 1L;

  private final String recorded;
  private final String actual;
  private final ForcingFileIO files = new ForcingFileIO();

  /** Both without a slash at the end. */
  MovedFiles(String recorded, String actual) {
    this.recorded = recorded;
    this.actual = actual;
  }

  private String move(String location) {
    return location.startsWith(recorded + "/")
        ? actual + location.substring(recorded.length())
        : location;
  }

  @Override
  public InputFile newInputFile(String location) {
    return input(files.newInputFile(move(location)), location);
  }

  private static InputFile input(InputFile file, String location) {
    return new InputFile() {
      @Override
      public long getLength() {
        return file.getLength();
      }

      @Override
      public SeekableInputStream newStream() {
        return file.newStream();
      }

      @Override
      public String location() {
        return location;
      }

      @Override
      public boolean exists() {
        return file.exists();
      }
    };
  }

  @Override
  public OutputFile newOutputFile(String location) {
    OutputFile file = files.newOutputFile(move(location));
    return new OutputFile() {
      @Override
      public PositionOutputStream create() {
        return file.create();
      }

      @Override
      public PositionOutputStream createOrOverwrite() {
        return file.createOrOverwrite();
      }

      @Override
      public String location() {
        return location;
      }

      @Override
      public InputFile toInputFile() {
        return newInputFile(location);
      }
    };
  }

  @Override
  public void deleteFile(String location) {
    files.deleteFile(move(location));
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    List<FileInfo> found = new ArrayList<>();
    for (FileInfo file : files.listPrefix(move(prefix))) {
      String location = recorded + file.location().substring(actual.length());
      found.add(new FileInfo(location, file.size(), file.createdAtMillis()));
    }
    return found;
  }

  @Override
  public void deletePrefix(String prefix) {
    files.deletePrefix(move(prefix));
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }
}
