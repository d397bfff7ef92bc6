package io.sluice.bench.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.FileIO;

/** Files of a table on this machine: those that are here already, and copies of those elsewhere. */
final class FetchedFiles implements AutoCloseable {

  private static final String LOCAL = "^file:(//)?";

  private final List<String> paths = new ArrayList<>();
  private final List<Path> copies = new ArrayList<>();

  private FetchedFiles() {}

  /** Fetches them one after the other. */
  static FetchedFiles of(FileIO io, List<String> locations) throws IOException {
    FetchedFiles fetched = new FetchedFiles();
    try {
      for (String location : locations) {
        fetched.paths.add(
            location.startsWith("s3:")
                ? fetched.copy(io, location).toString()
                : location.replaceFirst(LOCAL, ""));
      }
      return fetched;
    } catch (IOException | RuntimeException e) {
      fetched.close();
      throw e;
    }
  }

  private Path copy(FileIO io, String location) throws IOException {
    Path copy = Files.createTempFile("sluice-audit", ".parquet");
    copies.add(copy);
    try (InputStream in = io.newInputFile(location).newStream()) {
      Files.copy(in, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }

  List<String> paths() {
    return List.copyOf(paths);
  }

  @Override
  public void close() throws IOException {
    for (Path copy : copies) {
      Files.deleteIfExists(copy);
    }
  }
}
