package io.sluice.schema.security;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Directories that their owner alone may enter, where the file system knows owners; and so all that
 * is below them is private, whatever the umask makes of each file.
 */
public final class PrivateDirectory {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /**
   * Makes it, and its parents, if they are not there. One that is there keeps its mode: somebody
   * else may have decided it, as Kubernetes does.
   */
  public static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) { // a link to one is one; createDirectories would refuse it
      Files.createDirectories(directory, forOwner());
    }
  }

  /** The same of the directory that a file is to be in. */
  public static void createParent(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      create(parent);
    }
  }

  private static FileAttribute<?>[] forOwner() {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * A sentence if it lets more than its owner and its group look into it, and this process's user
   * could change that.
   *
   * @param made something that this user made in it: a directory of somebody else, such as the root
   *     of a volume, is not this user's to close
   */
  public static Optional<String> openToOthers(Path directory, Path made) throws IOException {
    if (!POSIX || !Files.getOwner(directory).equals(Files.getOwner(made))) {
      return Optional.empty();
    }
    Path real = directory.toRealPath();
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(real);
    if (!mode.contains(PosixFilePermission.OTHERS_EXECUTE) || !isReachedByOthers(real)) {
      return Optional.empty();
    }
    return Optional.of(
        "everybody on this machine may read the data in %s: its mode is %s (chmod 700 %s, unless others are to read the tables there)"
            .formatted(directory, PosixFilePermissions.toString(mode), directory));
  }

  private static boolean isReachedByOthers(Path real) throws IOException {
    for (Path parent = real.getParent(); parent != null; parent = parent.getParent()) {
      if (!Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }

  private PrivateDirectory() {}
}
