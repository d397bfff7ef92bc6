package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.PortInUseException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** This machine as the services will find it: its ports and its data directory. */
final class Box {

  private static final Duration ACCEPTOR_PATIENCE = Duration.ofSeconds(20);

  /** It may be writing its last Parquet files; killing it loses nothing, but replay costs. */
  private static final Duration WRITER_PATIENCE = Duration.ofSeconds(90);

  private final CommonSettings settings;
  private final List<BoxWriter> writers;
  private final Pages pages;

  private Box(CommonSettings settings, List<BoxWriter> writers, Pages pages) {
    this.settings = settings;
    this.pages = pages;
    this.writers = writers;
  }

  /**
   * Looks before anything is started.
   *
   * @param settings that all services share
   * @param pages how their admin pages are read
   * @throws InvalidSettingsException the data directory cannot be used, ports cannot be had or are
   *     not told apart: all of it at once, and first who has the data, as ports follow from that
   */
  static Box check(CommonSettings settings, List<BoxWriter> writers, Pages pages)
      throws InvalidSettingsException {
    List<String> problems = new ArrayList<>();
    List<Port> ports = ports(settings, writers);
    Map<Integer, Port> byNumber = new LinkedHashMap<>();
    for (Port port : ports) {
      Port other = byNumber.put(port.number(), port);
      if (port.number() == 0) {
        problems.add("cannot use port 0 for %s: `up` must know the port".formatted(port));
      } else if (other != null) {
        problems.add("cannot use port %d twice: %s and %s".formatted(port.number(), other, port));
      }
    }
    if (problems.isEmpty()) {
      problems.addAll(busy(settings, ports));
    }
    DataDirectory directory = new DataDirectory(settings, writers);
    problems.addAll(0, directory.problems());
    if (!problems.isEmpty()) {
      directory.leaveAsFound();
      throw new InvalidSettingsException(problems);
    }
    return new Box(settings, writers, pages);
  }

  /**
   * @param writer whose it is; empty if that needs not be said
   */
  private record Port(String setting, String writer, int number) {
    @Override
    public String toString() {
      return writer.isEmpty() ? setting : setting + " of " + writer;
    }
  }

  /** Names every port that is busy: one start tells what all have to be moved. */
  private static List<String> busy(CommonSettings settings, List<Port> ports) {
    List<String> busy = new ArrayList<>();
    for (Port port : ports) {
      try {
        for (InetSocketAddress address : settings.bindAddress().at(port.number())) {
          requireFree(address, port.setting());
        }
      } catch (PortInUseException e) {
        busy.add(String.valueOf(e.getMessage()));
      }
    }
    return busy;
  }

  ChildSpec acceptor(List<String> command) {
    return child(
        Service.ACCEPTOR.label(), command, settings.acceptorAdminPort(), ACCEPTOR_PATIENCE);
  }

  ChildSpec writer(BoxWriter writer, List<String> command) {
    int port = writer.settings().common().writerAdminPort();
    return child(writer.name(), command, port, WRITER_PATIENCE);
  }

  private ChildSpec child(String name, List<String> command, int adminPort, Duration patience) {
    return new ChildSpec(
        name,
        command,
        admin(adminPort, "/readyz"),
        settings.data().resolve("logs").resolve(name + ".log"),
        patience);
  }

  /** What the logs as a whole lack: a leader, if there are several Writers. */
  LogLeaders leaders() {
    List<URI> status =
        writers.stream()
            .map(writer -> admin(writer.settings().common().writerAdminPort(), "/status"))
            .toList();
    return new LogLeaders(pages, status, settings.logs());
  }

  private URI admin(int port, String path) {
    return pages.at(at(settings, port).toString(), path);
  }

  /** Where one of the services of this machine is reached from it. */
  static HostPort at(CommonSettings settings, int port) {
    return new HostPort(settings.bindAddress().reachable(), port);
  }

  private static List<Port> ports(CommonSettings settings, List<BoxWriter> writers) {
    List<Port> ports = new ArrayList<>();
    ports.add(new Port(CommonSettings.OTLP_GRPC_PORT, "", settings.otlpGrpcPort()));
    ports.add(new Port(CommonSettings.OTLP_HTTP_PORT, "", settings.otlpHttpPort()));
    ports.add(new Port(CommonSettings.ACCEPTOR_ADMIN_PORT, "", settings.acceptorAdminPort()));
    for (BoxWriter writer : writers) {
      String whose = writers.size() == 1 ? "" : writer.name();
      CommonSettings own = writer.settings().common();
      ports.add(new Port(CommonSettings.FLIGHT_PORT, whose, own.flightPort()));
      ports.add(new Port(CommonSettings.WRITER_ADMIN_PORT, whose, own.writerAdminPort()));
      if (own.isReplicated()) {
        ports.add(new Port(CommonSettings.RAFT_PORT, whose, own.raftPort()));
      }
    }
    return ports;
  }

  private static void requireFree(InetSocketAddress address, String setting)
      throws PortInUseException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw new PortInUseException(address, setting, e);
    }
  }
}
