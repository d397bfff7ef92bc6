package io.sluice.query;

import java.util.regex.Pattern;

/** Locations of files as Iceberg records them, as paths of this machine. */
final class LocalFile {

  private static final Pattern OTHER_SCHEME = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*:.*");
  private static final String SCHEME = "file:";

  static String of(String table, String location) throws ReadException {
    String path = location;
    if (location.startsWith(SCHEME)) {
      path = location.substring(SCHEME.length());
      path = path.startsWith("///") ? path.substring(2) : path;
    } else if (OTHER_SCHEME.matcher(location).matches()) {
      throw new ReadException(
          "cannot read table %s: %s is not on this machine: not supported here (use another engine)"
              .formatted(table, location),
          null);
    }
    return path;
  }

  private LocalFile() {}
}
