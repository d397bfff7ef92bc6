package io.sluice.lake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A local file to write, once. */
final class ForcedOutputFile implements OutputFile {

  /** Directories whose entry in their parent this process has forced. */
  private static final Set<Path> FORCED = ConcurrentHashMap.newKeySet();

  private final String location;
  private final Path path;

  ForcedOutputFile(String location) {
    this.location = location;
    this.path = LocalPath.of(location);
  }

  @Override
  public PositionOutputStream create() {
    return open(Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return open(
        Set.of(
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  private PositionOutputStream open(Set<OpenOption> options) {
    try {
      Path directory = path.resolveSibling("").toAbsolutePath();
      makeDirectories(directory);
      return new ForcedOutputStream(FileChannel.open(path, options), directory);
    } catch (FileAlreadyExistsException e) {
      throw new AlreadyExistsException(e, "cannot create file: %s (it exists)", location);
    } catch (IOException e) {
      throw new RuntimeIOException(e, "cannot create file: %s", location);
    }
  }

  /**
   * A new directory is only there after a power cut if its parent was forced. One thread at a time:
   * who finds a directory there must know that its maker has forced it.
   */
  static void makeDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory) && FORCED.contains(directory)) {
      return;
    }
    synchronized (FORCED) {
      Path parent = directory.getParent();
      if (parent != null && !Files.isDirectory(directory)) {
        makeDirectories(parent);
      }
      Files.createDirectories(directory);
      if (parent != null) {
        ForcedOutputStream.forceDirectory(parent);
      }
      FORCED.add(directory);
    }
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public InputFile toInputFile() {
    return new LocalInputFile(location);
  }

  @Override
  public String toString() {
    return location;
  }
}
