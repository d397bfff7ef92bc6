package io.sluice.cli;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.PortInUseException;
import io.sluice.writer.WriterSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
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

  private Box(CommonSettings settings) {
    this.settings = settings;
  }

  /**
   * Looks before anything is started.
   *
   * @throws InvalidSettingsException the data directory cannot be used, ports cannot be had or are
   *     not told apart: all of it at once, and first who has the data, as ports follow from that
   */
  static Box check(WriterSettings writer) throws InvalidSettingsException {
    CommonSettings settings = writer.common();
    List<String> problems = new ArrayList<>();
    Map<String, Integer> ports = ports(settings);
    Map<Integer, String> settingsByPort = new LinkedHashMap<>();
    ports.forEach(
        (setting, port) -> {
          String other = settingsByPort.put(port, setting);
          if (port == 0) {
            problems.add("cannot use port 0 for %s: `up` must know the port".formatted(setting));
          } else if (other != null) {
            problems.add("cannot use port %d twice: %s and %s".formatted(port, other, setting));
          }
        });
    if (problems.isEmpty()) {
      problems.addAll(busy(settings, ports));
    }
    problems.addAll(0, new DataDirectory(writer).problems());
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return new Box(settings);
  }

  /** Names every port that is busy: one start tells what all have to be moved. */
  private static List<String> busy(CommonSettings settings, Map<String, Integer> ports) {
    List<String> busy = new ArrayList<>();
    for (Map.Entry<String, Integer> port : ports.entrySet()) {
      try {
        for (InetSocketAddress address : settings.bindAddress().at(port.getValue())) {
          requireFree(address, port.getKey());
        }
      } catch (PortInUseException e) {
        busy.add(String.valueOf(e.getMessage()));
      }
    }
    return busy;
  }

  ChildSpec child(Service service, List<String> command) {
    boolean writer = service == Service.WRITER;
    int adminPort = writer ? settings.writerAdminPort() : settings.acceptorAdminPort();
    return new ChildSpec(
        service.label(),
        command,
        URI.create("http://" + at(settings, adminPort) + "/readyz"),
        settings.data().resolve("logs").resolve(service.label() + ".log"),
        writer ? WRITER_PATIENCE : ACCEPTOR_PATIENCE);
  }

  /** Where one of the services of this machine is reached from it. */
  static HostPort at(CommonSettings settings, int port) {
    return new HostPort(settings.bindAddress().reachable(), port);
  }

  /** The directory of the Writer's log. */
  static Path log(CommonSettings settings) {
    return settings.data().resolve("writer").resolve("log-0");
  }

  private static Map<String, Integer> ports(CommonSettings settings) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put(CommonSettings.OTLP_GRPC_PORT, settings.otlpGrpcPort());
    ports.put(CommonSettings.OTLP_HTTP_PORT, settings.otlpHttpPort());
    ports.put(CommonSettings.FLIGHT_PORT, settings.flightPort());
    ports.put(CommonSettings.ACCEPTOR_ADMIN_PORT, settings.acceptorAdminPort());
    ports.put(CommonSettings.WRITER_ADMIN_PORT, settings.writerAdminPort());
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
