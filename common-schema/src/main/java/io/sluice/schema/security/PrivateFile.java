package io.sluice.schema.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that their owner alone may read, where the file system knows owners. */
public final class PrivateFile {

  private static final String OWNER = "rw-------";
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /**
   * Makes a file that nobody else could read at any time.
   *
   * @throws java.nio.file.FileAlreadyExistsException it is there
   */
  public static void create(Path file, String text) throws IOException {
    if (POSIX) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER)));
      Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
    } else {
      Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    }
  }

  static void restrict(Path file) throws IOException {
    if (POSIX) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER));
    }
  }

  /** Whether more than its owner and its group may read it. */
  public static boolean isReadByAll(Path file) throws IOException {
    return POSIX
        && Files.getPosixFilePermissions(file).stream()
            .anyMatch(Set.of(java.nio.file.attribute.PosixFilePermission.OTHERS_READ)::contains);
  }

  private PrivateFile() {}
}
