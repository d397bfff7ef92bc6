package io.sluice.cli;

import io.sluice.schema.service.FileFailure;
import io.sluice.wal.FileStorage;
import io.sluice.wal.LogInUseException;
import io.sluice.wal.WalConfig;
import io.sluice.writer.WriterSettings;
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
import java.util.stream.Stream;

/** Whether the disk can take a Writer's data: tried out, because permissions and quotas lie. */
final class DataDirectory {

  private static final int PROBE_BYTES = 1 << 20;
  private static final String FILE = "file://";
  private static final String SQLITE = "jdbc:sqlite:";

  /** A log that is there goes on with one more segment; a new one takes nothing with fewer. */
  private static final int SEGMENTS_OF_A_NEW_LOG = 3;

  private final WriterSettings settings;

  DataDirectory(WriterSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes the directory if it is not there. What can be said only of a directory that can be
   * written is not said of another.
   */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    Path data = settings.common().data();
    Optional<String> unwritable = unwritable("data directory", data, "--data");
    unwritable.ifPresent(problems::add);
    if (unwritable.isEmpty()) {
      inUse().or(this::noRoom).ifPresent(problems::add);
      if (!hasLog()) {
        warehouse().ifPresent(problems::add);
        catalog().ifPresent(problems::add);
      }
    }
    return problems;
  }

  /** With one, the Writer takes puts while what the tables are in is away. */
  private boolean hasLog() {
    return Files.exists(settings.wal().directory().resolve("log-id"));
  }

  private Optional<String> inUse() {
    if (!Files.isDirectory(settings.wal().directory())) {
      return Optional.empty();
    }
    try {
      FileStorage.existing(settings.wal().directory()).lock().close();
      return Optional.empty();
    } catch (LogInUseException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Optional.of("cannot open log: " + FileFailure.sentence(e));
    }
  }

  private Optional<String> noRoom() {
    WalConfig wal = settings.wal();
    boolean isNew = !Files.isDirectory(wal.directory());
    try {
      long needed = (isNew ? SEGMENTS_OF_A_NEW_LOG : 1) * wal.segmentBytes();
      long free = Files.getFileStore(settings.common().data()).getUsableSpace();
      return (isNew || !hasSpare(wal)) && free < needed
          ? Optional.of(
              "cannot begin a log: %d bytes are needed on the disk of %s, %d are free (free some, or choose another with --data)"
                  .formatted(needed, settings.common().data(), free))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot look into data directory: " + FileFailure.sentence(e));
    }
  }

  private static boolean hasSpare(WalConfig wal) throws IOException {
    try (Stream<Path> files = Files.list(wal.directory())) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("spare-"));
    }
  }

  private Optional<String> warehouse() {
    String warehouse = settings.common().warehouse();
    return warehouse.startsWith(FILE)
        ? unwritable("warehouse", Path.of(warehouse.substring(FILE.length())), "--warehouse")
        : Optional.empty();
  }

  /** A database elsewhere is the Writer's to find. */
  private Optional<String> catalog() {
    String uri = settings.common().catalogUri();
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

  private static Optional<String> unwritable(String what, Path directory, String flag) {
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
          "cannot write to %s: %s (%s; choose another with %s)"
              .formatted(what, directory, FileFailure.reason(e), flag));
    }
  }
}
