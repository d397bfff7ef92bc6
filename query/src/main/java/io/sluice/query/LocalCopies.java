package io.sluice.query;

import io.sluice.lake.TableSnapshot;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;

/**
 * Files as DuckDB can open them: those of an object store are copied into a directory first, each
 * once, and are there until this is closed. One thread uses it.
 */
final class LocalCopies implements AutoCloseable {

  private final Path directory;
  private final Map<String, String> copies = new HashMap<>();

  /**
   * @param directory made when there is something to copy; deleted at the end
   */
  LocalCopies(Path directory) {
    this.directory = directory;
  }

  /** The file's path on this machine. */
  String path(TableSnapshot snapshot, String table, String location) throws ReadException {
    if (!location.startsWith("s3:")) {
      return LocalFile.of(table, location);
    }
    String copy = copies.get(location);
    if (copy == null) {
      copy = copy(snapshot.file(location), table).toString();
      copies.put(location, copy);
    }
    return copy;
  }

  private Path copy(InputFile file, String table) throws ReadException {
    String name = file.location().substring(file.location().lastIndexOf('/') + 1);
    try {
      Files.createDirectories(directory);
      Path copy = directory.resolve(copies.size() + "-" + name);
      try (InputStream in = file.newStream()) {
        Files.copy(in, copy);
      }
      return copy;
    } catch (NotFoundException e) {
      throw new FilesGoneException(
          Table.named(table).orElseThrow(), String.valueOf(e.getMessage()), e);
    } catch (IOException | UncheckedIOException e) {
      throw new ReadException(
          "cannot read table %s: cannot copy %s to %s: %s"
              .formatted(table, file.location(), directory, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
