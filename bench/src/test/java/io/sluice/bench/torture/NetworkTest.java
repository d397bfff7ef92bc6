package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.harness.ClusterBox;
import io.sluice.bench.harness.ClusterPorts;
import io.sluice.bench.torture.Link.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways between three Writers and an Acceptor. Each Writer says its place to who connects. */
final class NetworkTest {

  private static final int WRITERS = 3;
  private static final int ACCEPTOR = WRITERS;
  private static final int CUT = -1;

  @TempDir private Path directory;
  private final List<ServerSocket> servers = new ArrayList<>();
  private ClusterPorts ports;
  private Network network;

  @BeforeEach
  void listenAndLay() throws IOException {
    ports = ClusterBox.freePorts(WRITERS);
    network = Network.of(directory, ports);
    for (int place = 0; place < WRITERS; place++) {
      serve(ports.writers().get(place).flight(), place);
      serve(ports.writers().get(place).raft(), place);
    }
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    for (ServerSocket server : servers) {
      server.close();
    }
  }

  @Test
  void eachReachesEachByItsOwnWay() throws Exception {
    for (int from = 0; from <= WRITERS; from++) {
      for (int to = 0; to < WRITERS; to++) {
        assertThat(flight(from, to)).isEqualTo(to);
      }
    }
    assertThat(raft(1, 2)).isEqualTo(2);
  }

  @Test
  void twoThatAreCutOffReachAllOthers() throws Exception {
    Link.during(
        network.between(0, 1),
        Mode.REFUSE,
        0,
        () -> {
          assertCut(flight(0, 1), 1);
          assertCut(raft(0, 1), 1);
          assertCut(flight(1, 0), 0);
          assertThat(flight(0, 2)).isEqualTo(2);
          assertThat(flight(2, 1)).isEqualTo(1);
          assertThat(flight(ACCEPTOR, 0)).isZero();
        });
    assertThat(flight(0, 1)).isEqualTo(1);
  }

  @Test
  void oneWayIsCutAndTheOtherIsNot() throws Exception {
    Link.during(
        network.from(0, 1),
        Mode.REFUSE,
        0,
        () -> {
          assertCut(raft(0, 1), 1);
          assertThat(raft(1, 0)).isZero();
        });
  }

  @Test
  void oneThatIsCutOffFromAllIsReachedByNobody() throws Exception {
    Link.during(
        network.between(1, List.of(0, 2, ACCEPTOR)),
        Mode.REFUSE,
        0,
        () -> {
          assertCut(flight(0, 1), 1);
          assertCut(flight(ACCEPTOR, 1), 1);
          assertCut(flight(1, 2), 2);
          assertThat(flight(ACCEPTOR, 2)).isEqualTo(2);
        });
  }

  @Test
  void jvmReadsItsNamesFromAFileThatHasItsOwnHostToo() throws Exception {
    assertThat(network.jvm(1))
        .containsExactly("-Djdk.net.hosts.file=" + directory.toAbsolutePath().resolve("hosts-1"));
    assertThat(hosts(1)).containsEntry("writer-1", "127.0.0.1").containsKey("localhost");
  }

  /** Where the loopback is too small for it, there is nothing to cut. */
  private static void assertCut(int answer, int place) throws IOException {
    assertThat(answer).isEqualTo(Network.isPossible() ? CUT : place);
  }

  private int flight(int from, int to) throws IOException {
    return reach(from, to, ports.writers().get(to).flight());
  }

  private int raft(int from, int to) throws IOException {
    return reach(from, to, ports.writers().get(to).raft());
  }

  /** Who answers; {@link #CUT} if the connection is reset. */
  private int reach(int from, int to, int port) throws IOException {
    try (Socket socket = new Socket(hosts(from).get(ClusterBox.name(to)), port);
        InputStream in = socket.getInputStream()) {
      return in.read();
    } catch (SocketException e) {
      return CUT;
    }
  }

  private Map<String, String> hosts(int place) throws IOException {
    Map<String, String> hosts = new TreeMap<>();
    for (String line : Files.readAllLines(directory.resolve("hosts-" + place))) {
      String[] words = line.split(" ", -1);
      hosts.put(words[1], words[0]);
    }
    return hosts;
  }

  private void serve(int port, int place) throws IOException {
    ServerSocket server = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    servers.add(server);
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write(place);
                } catch (IOException e) {
                  continue; // closed, or reset by who connected
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
