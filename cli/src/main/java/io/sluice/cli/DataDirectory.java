package io.sluice.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Whether a data directory can take data: tried out, because permissions and quotas lie. */
final class DataDirectory {

  private static final int PROBE_BYTES = 1 << 20;

  /** Makes the directory if it is not there. Returns what is wrong with it. */
  static Optional<String> check(Path directory) {
    try {
      Files.createDirectories(directory);
      Path probe = Files.createTempFile(directory, "probe", ".tmp");
      try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      } finally {
        Files.delete(probe);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "cannot write to data directory: %s (%s; choose another with --data)"
              .formatted(directory, reason(e)));
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return switch (e.getClass().getSimpleName()) {
        case "AccessDeniedException" -> "permission denied";
        case "FileAlreadyExistsException" -> "it is a file";
        default -> e.toString();
      };
    }
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : String.valueOf(e.getMessage());
  }

  private DataDirectory() {}
}
