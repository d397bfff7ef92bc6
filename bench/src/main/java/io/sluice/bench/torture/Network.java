package io.sluice.bench.torture;

import io.sluice.bench.harness.ClusterBox;
import io.sluice.bench.harness.ClusterPorts;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ways between the processes of a cluster, each a link of its own: what a Writer's name means
 * is another address of this machine's loopback for each process, said by a hosts file that only
 * that JVM reads. So any process can be cut off from any other, one way or both. Takes a loopback
 * that has all of 127.0.0.0/8, as Linux'; with another there are no ways, and each name is one
 * address. A process is known by its place; the Acceptor's is behind the last Writer's.
 *
 * <pre>
 * 127.0.(1 + from).(1 + to):port of to   is what process `from` takes to be Writer `to`
 * </pre>
 */
final class Network implements AutoCloseable {

  private static final String HERE = "127.0.0.1";

  private final Closer closer = new Closer();
  private final List<Way> ways = new ArrayList<>();
  private final List<Path> hosts = new ArrayList<>();

  private record Way(int from, int to, Link link) {}

  /**
   * Lays them.
   *
   * @param directory gets the hosts files
   */
  static Network of(Path directory, ClusterPorts ports) throws IOException {
    Network network = new Network();
    boolean apart = isPossible();
    try {
      int writers = ports.writers().size();
      for (int from = 0; from <= writers; from++) {
        SortedMap<String, String> names = new TreeMap<>();
        for (int to = 0; to < writers; to++) {
          boolean isWay = apart && from != to;
          String host = isWay ? "127.0.%d.%d".formatted(1 + from, 1 + to) : HERE;
          names.put(ClusterBox.name(to), host);
          if (isWay) {
            network.lay(from, to, host, ports.writers().get(to).flight());
          }
          if (isWay && from < writers) {
            network.lay(from, to, host, ports.writers().get(to).raft());
          }
        }
        network.hosts.add(
            hosts(directory.toAbsolutePath().resolve("hosts-%d".formatted(from)), names));
      }
      return network;
    } catch (IOException e) {
      network.close();
      throw e;
    }
  }

  /** Whether this machine's loopback is as large as that takes. */
  static boolean isPossible() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.77.1"))) {
      return probe.isBound();
    } catch (BindException e) {
      return false;
    }
  }

  private void lay(int from, int to, String host, int port) throws IOException {
    HostPort target = new HostPort(HERE, port);
    ways.add(new Way(from, to, closer.add(new Link(new HostPort(host, port), () -> target))));
  }

  private static Path hosts(Path file, SortedMap<String, String> names) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(HERE).append(" localhost\n");
    text.append(HERE).append(' ').append(InetAddress.getLocalHost().getHostName()).append('\n');
    names.forEach((name, host) -> text.append(host).append(' ').append(name).append('\n'));
    return Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  /** What makes the JVM at this place take these ways. */
  List<String> jvm(int place) {
    return List.of("-Djdk.net.hosts.file=" + hosts.get(place));
  }

  /** Those from the one to the other. */
  List<Link> from(int from, int to) {
    return ways.stream()
        .filter(way -> way.from() == from && way.to() == to)
        .map(Way::link)
        .toList();
  }

  /** Those between them, both ways. */
  List<Link> between(int one, int other) {
    List<Link> both = new ArrayList<>(from(one, other));
    both.addAll(from(other, one));
    return both;
  }

  /** Those between the one and each of the others, both ways. */
  List<Link> between(int one, Collection<Integer> others) {
    return others.stream().flatMap(other -> between(one, other).stream()).toList();
  }

  @Override
  public void close() throws IOException {
    closer.close();
  }
}
