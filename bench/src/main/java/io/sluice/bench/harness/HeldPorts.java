package io.sluice.bench.harness;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Free ports, below those that systems give to clients: nobody gets one by chance while its service
 * is away. All are held until this is closed, so that none is given twice. One thread uses it.
 */
final class HeldPorts implements AutoCloseable {

  private static final int LEAST = 10_000;
  private static final int MOST = 18_000;

  private final List<ServerSocket> held = new ArrayList<>();
  private final RandomGenerator random;

  HeldPorts(RandomGenerator random) {
    this.random = random;
  }

  /** One more. */
  int hold() throws IOException {
    for (int attempt = 0; attempt < MOST - LEAST; attempt++) {
      ServerSocket socket = new ServerSocket();
      try {
        int port = random.nextInt(LEAST, MOST);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        held.add(socket);
        return port;
      } catch (BindException taken) {
        socket.close();
      }
    }
    throw new IOException(
        "cannot find a free port: from %d to %d, %d tries".formatted(LEAST, MOST, MOST - LEAST));
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket socket : held) {
      socket.close();
    }
  }
}
