package io.sluice.lake;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files that Iceberg tries once. By itself it reads a table's metadata up to 21 times, over some 90
 * seconds, before it says a word: an outage would look like work, and hold up whoever waits.
 */
class UnretriedFiles implements FileIO {

  private static final long serialVersionUID = 1L;

  private final FileIO files;

  private UnretriedFiles(FileIO files) {
    this.files = files;
  }

  static FileIO of(FileIO files) {
    return files instanceof SupportsPrefixOperations storage
        ? new Listed(storage)
        : new UnretriedFiles(files);
  }

  @Override
  public InputFile newInputFile(String location) {
    InputFile file = once(() -> files.newInputFile(location));
    return location.endsWith(".metadata.json") ? new MetadataInput(file) : new OnceInput(file);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return once(() -> files.newOutputFile(location));
  }

  @Override
  public void deleteFile(String location) {
    once(
        () -> {
          files.deleteFile(location);
          return location;
        });
  }

  @Override
  public Map<String, String> properties() {
    return files.properties();
  }

  static <T> T once(Supplier<T> call) {
    try {
      return call.get();
    } catch (NotFoundException | FileFailedException e) {
      throw e; // neither is tried again
    } catch (RuntimeException e) {
      throw new FileFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static final class OnceInput implements InputFile {

    private final InputFile file;

    OnceInput(InputFile file) {
      this.file = file;
    }

    @Override
    public long getLength() {
      return once(file::getLength);
    }

    @Override
    public SeekableInputStream newStream() {
      return once(file::newStream);
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public boolean exists() {
      return once(file::exists);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /** That lists as well. */
  private static final class Listed extends UnretriedFiles implements SupportsPrefixOperations {

    private static final long serialVersionUID = 1L;

    private final SupportsPrefixOperations storage;

    Listed(SupportsPrefixOperations storage) {
      super(storage);
      this.storage = storage;
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      return once(() -> storage.listPrefix(prefix));
    }

    @Override
    public void deletePrefix(String prefix) {
      once(
          () -> {
            storage.deletePrefix(prefix);
            return prefix;
          });
    }
  }
}
