package io.sluice.cli;

import io.sluice.schema.security.PrivateDirectory;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the disk can take the Writers' data: tried out, because permissions and quotas lie. */
final class DataDirectory {

  private static final int PROBE_BYTES = 1 << 20;
  private static final String FILE = "file://";
  private static final String SQLITE = "jdbc:sqlite:";

  private final CommonSettings settings;
  private final List<BoxWriter> writers;

  /** Directories that were not there before, what is in another behind it. */
  private final List<Path> made = new ArrayList<>();

  /**
   * @param settings that all services share
   */
  DataDirectory(CommonSettings settings, List<BoxWriter> writers) {
    this.settings = settings;
    this.writers = List.copyOf(writers);
  }

  /**
   * Makes the directory if it is not there. What can be said only of a directory that can be
   * written is not said of another.
   */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    Optional<String> unwritable = made(settings.data());
    unwritable.ifPresent(problems::add);
    if (unwritable.isEmpty()) {
      List<WriterDisk> disks =
          writers.stream().map(writer -> new WriterDisk(writer.settings())).toList();
      otherShape().ifPresent(problems::add);
      List<String> inUse = disks.stream().flatMap(disk -> disk.inUse().stream()).toList();
      problems.addAll(inUse);
      if (inUse.isEmpty()) {
        noRoom(disks).ifPresent(problems::add);
      }
      if (disks.stream().noneMatch(WriterDisk::hasLog)) {
        warehouse().ifPresent(problems::add);
        catalog().ifPresent(problems::add);
      }
    }
    return problems;
  }

  /** Takes away what it has made: nothing is begun here after all. */
  void leaveAsFound() {
    for (int i = made.size() - 1; i >= 0; i--) {
      try {
        Files.deleteIfExists(made.get(i));
      } catch (IOException notEmpty) { // somebody has begun to use it
        return;
      }
    }
  }

  /** To be asked before it is made. */
  private void note(Path directory) {
    List<Path> missing = new ArrayList<>();
    for (Path at = directory.toAbsolutePath();
        at != null && !Files.exists(at);
        at = at.getParent()) {
      missing.add(0, at);
    }
    made.addAll(missing);
  }

  private Optional<String> otherShape() {
    try {
      return DataShape.problem(settings, writers.size());
    } catch (IOException e) {
      return Optional.of(FileFailure.sentence(e));
    }
  }

  private Optional<String> noRoom(List<WriterDisk> disks) {
    try {
      long needed = 0;
      for (WriterDisk disk : disks) {
        needed += disk.neededBytes();
      }
      long free = Files.getFileStore(settings.data()).getUsableSpace();
      return free < needed
          ? Optional.of(
              "cannot begin a log: %d bytes are needed on the disk of %s, %d are free (free some, or choose another with --data)"
                  .formatted(needed, settings.data(), free))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot look into data directory: " + FileFailure.sentence(e));
    }
  }

  private Optional<String> warehouse() {
    String warehouse = settings.warehouse();
    return warehouse.startsWith(FILE)
        ? unwritable("warehouse", Path.of(warehouse.substring(FILE.length())), "--warehouse")
        : Optional.empty();
  }

  /** A database elsewhere is the Writer's to find. */
  private Optional<String> catalog() {
    String uri = settings.catalogUri();
    if (!uri.startsWith(SQLITE)) {
      return Optional.empty();
    }
    Path file = Path.of(uri.substring(SQLITE.length()).replaceFirst("\\?.*", "")).toAbsolutePath();
    Path parent = file.getParent();
    if (!Files.exists(file)) {
      return parent == null || Files.isDirectory(parent)
          ? Optional.empty()
          : Optional.of(
              "cannot make catalog: %s (its directory is not there; choose another with --catalog.uri)"
                  .formatted(file));
    }
    try (Connection sqlite = DriverManager.getConnection(SQLITE + file);
        Statement statement = sqlite.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM sqlite_master").close();
      return Files.isWritable(file)
          ? Optional.empty()
          : Optional.of("cannot write to catalog: %s (permission denied)".formatted(file));
    } catch (SQLException e) {
      return Optional.of(
          "cannot open catalog: %s (%s; choose another with --catalog.uri)"
              .formatted(file, e.getMessage()));
    }
  }

  private Optional<String> made(Path data) {
    note(data);
    try {
      PrivateDirectory.create(data);
    } catch (IOException e) {
      return Optional.of(cannotWrite("data directory", data, "--data", e));
    }
    return unwritable("data directory", data, "--data");
  }

  /** What others read, a warehouse elsewhere, is made as the umask says. */
  private Optional<String> unwritable(String what, Path directory, String flag) {
    try {
      if (!Files.isDirectory(directory)) {
        note(directory);
        Files.createDirectories(directory);
      }
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
      return Optional.of(cannotWrite(what, directory, flag, e));
    }
  }

  private static String cannotWrite(String what, Path directory, String flag, IOException cause) {
    return "cannot write to %s: %s (%s; choose another with %s)"
        .formatted(what, directory, FileFailure.reason(cause), flag);
  }
}
