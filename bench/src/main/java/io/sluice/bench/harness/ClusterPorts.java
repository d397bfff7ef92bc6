package io.sluice.bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The ports of several Writers and an Acceptor, below those that systems give to clients: nobody
 * gets one by chance while its service is away.
 */
public record ClusterPorts(int otlpGrpc, int otlpHttp, int acceptorAdmin, List<OfWriter> writers) {

  private static final int LEAST = 20_000;
  private static final int MOST = 32_000;

  /** Of one of them. */
  public record OfWriter(int flight, int raft, int admin) {}

  public ClusterPorts {
    writers = List.copyOf(writers);
  }

  /** Ports that were free a moment ago; all are held until the last is known. */
  static ClusterPorts free(int writers, RandomGenerator random) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<OfWriter> each = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        each.add(new OfWriter(hold(held, random), hold(held, random), hold(held, random)));
      }
      return new ClusterPorts(hold(held, random), hold(held, random), hold(held, random), each);
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static int hold(List<ServerSocket> held, RandomGenerator random) throws IOException {
    IOException last = new IOException("no port was tried");
    for (int attempt = 0; attempt < MOST - LEAST; attempt++) {
      ServerSocket socket = new ServerSocket();
      try {
        int port = random.nextInt(LEAST, MOST);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        held.add(socket);
        return port;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last;
  }
}
