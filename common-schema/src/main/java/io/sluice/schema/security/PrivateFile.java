package io.sluice.schema.security;

import io.sluice.schema.service.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that their owner alone may read, where the file system knows owners. */
public final class PrivateFile {

  private static final Logger LOG = LoggerFactory.getLogger(PrivateFile.class);
  private static final Set<Path> SAID = ConcurrentHashMap.newKeySet();
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

  /**
   * Says, once for each file, if more than its owner and its group may read it.
   *
   * @param setting that names the file
   */
  static void warnIfReadByOthers(String setting, Path file) {
    try {
      if (!POSIX) {
        return;
      }
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_READ) && SAID.add(file.toAbsolutePath())) {
        LOG.warn(
            "{}: everybody on this machine may read {}, which holds a secret: its mode is {} (chmod 600 {})",
            setting,
            file,
            PosixFilePermissions.toString(mode),
            file);
      }
    } catch (IOException e) {
      LOG.warn("cannot look who may read {}: {}: {}", setting, file, FileFailure.reason(e));
    }
  }

  private PrivateFile() {}
}
