package io.sluice.cli;

import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Secrets;
import io.sluice.wal.LogInUseException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data of a box that does not run, held by the locks of its logs: no Writer can start on it
 * until this is closed.
 */
final class Reset implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1_000;

  private static final List<String> SHARED =
      List.of("catalog.db", "catalog.db-wal", "catalog.db-shm", "warehouse", "logs");

  private final CommonSettings settings;
  private final LogLocks locks;

  private Reset(CommonSettings settings, LogLocks locks) {
    this.settings = settings;
    this.locks = locks;
  }

  /**
   * Takes hold of the data.
   *
   * @throws InvalidSettingsException a Writer has it, whatever its ports are
   */
  static Reset of(CommonSettings settings) throws IOException, InvalidSettingsException {
    LogLocks locks;
    try {
      locks = LogLocks.below(homes(settings.data()));
    } catch (LogInUseException e) {
      throw new InvalidSettingsException(
          List.of(
              "cannot reset: a Writer has the data open: %s (stop it first)"
                  .formatted(e.getMessage())));
    }
    if (locks.files().isEmpty()) { // then no lock says that nobody has the data
      for (int place = 0; place < writers(settings.data()); place++) {
        requireSilence(settings, CountedWriters.port(settings.flightPort(), place));
      }
    }
    return new Reset(settings, locks);
  }

  /** How many there may be. */
  private static int writers(Path data) {
    try {
      return DataShape.read(data).map(DataShape::writers).orElse(1);
    } catch (IOException unreadable) {
      return 1; // it is to be deleted; the locks say who has the data
    }
  }

  private static void requireSilence(CommonSettings settings, int port)
      throws InvalidSettingsException {
    InetSocketAddress flight = new InetSocketAddress(settings.bindAddress().reachable(), port);
    try (Socket socket = new Socket()) {
      socket.connect(flight, CONNECT_MILLIS);
    } catch (IOException e) {
      return; // nobody is there, which is what is wanted
    }
    throw new InvalidSettingsException(
        List.of("cannot reset: something listens on port %d (stop it first)".formatted(port)));
  }

  /** What Writers have of their own. */
  private static List<Path> homes(Path data) throws IOException {
    try (Stream<Path> all = Files.list(data)) {
      return all.filter(path -> path.getFileName().toString().matches("writer(-\\d+)?"))
          .sorted()
          .toList();
    }
  }

  /** What there is to delete. */
  List<Path> doomed() throws IOException {
    List<Path> doomed = new ArrayList<>(SHARED.stream().map(settings.data()::resolve).toList());
    doomed.addAll(homes(settings.data()));
    doomed.add(settings.data().resolve(AccessSettings.OWN_TOKEN));
    doomed.add(settings.data().resolve(DataShape.FILE)); // the last: it says what the others are
    return doomed.stream().filter(Files::exists).toList();
  }

  /** What settings have moved out of sight: it stays, and so do the rows in it. */
  List<String> left() {
    CommonSettings unmoved = CommonSettings.in(settings.data());
    List<String> left = new ArrayList<>();
    if (!settings.warehouse().equals(unmoved.warehouse())) {
      left.add("warehouse " + settings.warehouse());
    }
    if (!settings.catalogUri().equals(unmoved.catalogUri())) {
      left.add("catalog " + Secrets.mask("", settings.catalogUri()));
    }
    return left;
  }

  /** The logs' locks are the last to go of what Writers have. */
  void delete() throws IOException {
    for (Path path : doomed()) {
      for (boolean keepsLocks : List.of(true, false)) {
        for (Path each : inside(path)) {
          if (!keepsLocks || locks.files().stream().noneMatch(lock -> lock.startsWith(each))) {
            Files.deleteIfExists(each);
          }
        }
      }
    }
  }

  /** It, too; what is in a directory comes before it. */
  private static List<Path> inside(Path path) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.sorted(Comparator.reverseOrder()).toList();
    }
  }

  @Override
  public void close() throws IOException {
    locks.close();
  }
}
