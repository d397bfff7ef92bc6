package io.sluice.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file of an SQLite catalog, looked at each time before it is used. Who has it open goes on
 * with it wherever it was moved, and commits to what nobody else finds; who opens it anew makes an
 * empty one in its place. Immutable; any thread may look.
 */
final class CatalogFile {

  private static final String SQLITE = "jdbc:sqlite:";

  private final Path path;

  private CatalogFile(Path path) {
    this.path = path;
  }

  /** Null: the catalog is in no file that can be looked at. */
  static @Nullable CatalogFile of(String uri) {
    if (!uri.startsWith(SQLITE)) {
      return null;
    }
    String name = uri.substring(SQLITE.length()).replaceFirst("\\?.*", "");
    if (name.isEmpty() || name.startsWith(":") || name.startsWith("file:")) {
      return null;
    }
    try {
      return new CatalogFile(Path.of(name));
    } catch (InvalidPathException notToBeLookedAt) {
      return null;
    }
  }

  /**
   * Which file it is, as long as it is there: two looks with equal answers are of the same one.
   *
   * @throws SQLException it is not there
   */
  Object identity() throws SQLException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      Object key = attributes.fileKey();
      return key == null ? path : key; // where files have no keys, another one is not told
    } catch (NoSuchFileException e) { // no cause: its sentence ends those of others, and says less
      throw new SQLException(
          "%s is not there any more (put it back as it was, or mount what it is on)"
              .formatted(path));
    } catch (IOException e) {
      throw new SQLException("cannot look at %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** Whether it and what SQLite has beside it can be written, as far as they are there. */
  boolean isWritable() {
    return Stream.of("", "-wal", "-shm")
        .map(end -> path.resolveSibling(path.getFileName() + end))
        .allMatch(file -> Files.isWritable(file) || !Files.exists(file));
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /**
   * Refuses to have it made where it was lost: SQLite deletes the log of an empty database, and
   * with it the last commits of the one that belongs there.
   */
  void requireNoRest() throws SQLException {
    Path rest = path.resolveSibling(path.getFileName() + "-wal");
    if (Files.notExists(path) && Files.exists(rest)) {
      throw new SQLException(
          "%s is not there, and its last commits are still in %s (put it back beside it; to begin anew, move that away)"
              .formatted(path, rest));
    }
  }
}
