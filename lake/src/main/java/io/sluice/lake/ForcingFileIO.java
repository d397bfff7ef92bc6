package io.sluice.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Local files that survive a power cut: a file is forced, and so is every directory it is new in,
 * before its close returns. Without that, a catalog could point at metadata that is not there.
 */
public final class ForcingFileIO implements SupportsPrefixOperations {

  private static final long serialVersionUID = 1L;

  @Override
  public InputFile newInputFile(String location) {
    return new LocalInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new ForcedOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    try {
      Files.deleteIfExists(LocalPath.of(location));
    } catch (IOException e) {
      throw new RuntimeIOException(e, "cannot delete file: %s", location);
    }
  }

  /** Files below a directory; none if it is not there. */
  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    Path directory = LocalPath.of(prefix);
    List<FileInfo> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        add(path, found);
      }
      return found;
    } catch (IOException | UncheckedIOException e) {
      throw new RuntimeIOException(new IOException(e), "cannot list files: %s", prefix);
    }
  }

  private static void add(Path path, List<FileInfo> found) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      if (file.isRegularFile()) {
        found.add(new FileInfo("file://" + path, file.size(), file.lastModifiedTime().toMillis()));
      }
    } catch (NoSuchFileException e) {
      // Deleted meanwhile.
      return;
    }
  }

  @Override
  public void deletePrefix(String prefix) {
    listPrefix(prefix).forEach(file -> deleteFile(file.location()));
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }
}
