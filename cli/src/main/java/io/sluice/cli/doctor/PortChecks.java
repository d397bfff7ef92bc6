package io.sluice.cli.doctor;

import io.sluice.schema.service.BindAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the services can listen where they are told to. */
final class PortChecks {

  private final BindAddress at;
  private final boolean running;

  /**
   * @param running whether a Writer has the data directory: then its ports are taken, and so is the
   *     Acceptor's, if it is there
   */
  PortChecks(BindAddress at, boolean running) {
    this.at = at;
    this.running = running;
  }

  /**
   * All of them.
   *
   * @param ports by setting
   */
  List<Finding> run(Map<String, Integer> ports) {
    List<Finding> findings = new ArrayList<>();
    ports.forEach((setting, port) -> findings.add(port(setting, port)));
    return findings;
  }

  private Finding port(String setting, int port) {
    String name = "port " + port;
    try {
      for (InetSocketAddress address : at.at(port)) {
        try (ServerSocket socket = new ServerSocket()) {
          socket.setReuseAddress(true);
          socket.bind(address);
        }
      }
      return Finding.ok(name, setting + ": free");
    } catch (IOException e) {
      return running
          ? Finding.ok(name, setting + ": taken, as a Sluice runs on this data directory")
          : Finding.fail(
              name,
              "%s: %s, and no Writer runs on this data directory (choose another with --%s)"
                  .formatted(setting, e.getMessage(), setting));
    }
  }
}
