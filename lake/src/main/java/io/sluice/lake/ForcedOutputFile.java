package io.sluice.lake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A local file to write, once. */
final class ForcedOutputFile implements OutputFile {

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

  /** A new directory is only there after a power cut if its parent was forced. */
  private static void makeDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = directory; p != null && !Files.isDirectory(p); p = p.getParent()) {
      missing.push(p);
    }
    Files.createDirectories(directory);
    for (Path created : missing) {
      Path parent = created.getParent();
      if (parent != null) {
        ForcedOutputStream.forceDirectory(parent);
      }
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
