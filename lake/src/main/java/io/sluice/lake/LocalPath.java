package io.sluice.lake;

import java.nio.file.Path;

/**
 * Locations of local files: {@code file:///a/b}, also {@code file:/a/b} and {@code /a/b}; not
 * encoded.
 */
final class LocalPath {

  private static final String SCHEME = "file:";

  static Path of(String location) {
    String path = location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : location;
    if (path.startsWith("//")) {
      path = path.substring(2);
    }
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(
          "cannot open location: " + location + " (local files are file:///absolute/path)");
    }
    return Path.of(path);
  }

  private LocalPath() {}
}
