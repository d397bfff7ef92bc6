package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Secrets;
import io.sluice.wal.FileStorage;
import io.sluice.wal.LogInUseException;
import java.io.Closeable;
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
 * The data of a box that does not run, held by the lock of its log: no Writer can start on it until
 * this is closed.
 */
final class Reset implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1_000;

  /** The log is the last to go, and its lock the last of it. */
  private static final List<String> OURS =
      List.of("catalog.db", "catalog.db-wal", "catalog.db-shm", "warehouse", "logs", "writer");

  private final CommonSettings settings;
  private final Closeable lock;

  private Reset(CommonSettings settings, Closeable lock) {
    this.settings = settings;
    this.lock = lock;
  }

  /**
   * Takes hold of the data.
   *
   * @throws InvalidSettingsException a Writer has it, whatever its ports are
   */
  static Reset of(CommonSettings settings) throws IOException, InvalidSettingsException {
    requireSilence(settings);
    Path log = Box.log(settings);
    try {
      return new Reset(
          settings, Files.isDirectory(log) ? FileStorage.existing(log).lock() : () -> {});
    } catch (LogInUseException e) {
      throw new InvalidSettingsException(
          List.of(
              "cannot reset: a Writer has the data open: %s (stop it first)"
                  .formatted(e.getMessage())));
    }
  }

  private static void requireSilence(CommonSettings settings) throws InvalidSettingsException {
    InetSocketAddress flight =
        new InetSocketAddress(settings.bindAddress().reachable(), settings.flightPort());
    try (Socket socket = new Socket()) {
      socket.connect(flight, CONNECT_MILLIS);
    } catch (IOException e) {
      return; // nobody is there, which is what is wanted
    }
    throw new InvalidSettingsException(
        List.of(
            "cannot reset: something listens on port %d (stop it first)"
                .formatted(settings.flightPort())));
  }

  /** What there is to delete. */
  List<Path> doomed() {
    return OURS.stream().map(settings.data()::resolve).filter(Files::exists).toList();
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

  void delete() throws IOException {
    for (Path path : doomed()) {
      List<Path> inside;
      try (Stream<Path> walk = Files.walk(path)) {
        inside = walk.sorted(Comparator.reverseOrder()).toList();
      }
      Path last = Box.log(settings).resolve("lock");
      for (Path each : inside) {
        if (!last.startsWith(each)) {
          Files.deleteIfExists(each);
        }
      }
      for (Path each = last; each != null && each.startsWith(path); each = each.getParent()) {
        Files.deleteIfExists(each);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
