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
 * is away. They come in blocks: whoever listens on the first port of a block has the others, for as
 * long as its process lives, so no other process is given the port of a service that was killed.
 * All are held until this is closed, so that none is given twice. One thread uses one of them.
 */
final class HeldPorts implements AutoCloseable {

  private static final int LEAST = 10_000;
  private static final int BLOCK = 40;
  private static final int BLOCKS = 200;

  /** What says that blocks are taken: never closed. */
  private static final List<ServerSocket> TAKEN = new ArrayList<>();

  private static int next;
  private static int end;

  private final List<ServerSocket> held = new ArrayList<>();
  private final RandomGenerator random;

  HeldPorts(RandomGenerator random) {
    this.random = random;
  }

  /** One more. */
  int hold() throws IOException {
    for (int attempt = 0; attempt < BLOCK * BLOCKS; attempt++) {
      ServerSocket socket = new ServerSocket();
      if (listens(socket, nextPort(random))) {
        held.add(socket);
        return socket.getLocalPort();
      }
    }
    throw new IOException(
        "cannot find a free port: from %d to %d".formatted(LEAST, LEAST + BLOCKS * BLOCK));
  }

  private static synchronized int nextPort(RandomGenerator random) throws IOException {
    if (next == end) {
      int first = block(random);
      next = first + 1;
      end = first + BLOCK;
    }
    return next++;
  }

  /** The first port of a new one, or when all are taken of the oldest of this process. */
  private static int block(RandomGenerator random) throws IOException {
    int start = random.nextInt(BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      ServerSocket first = new ServerSocket();
      if (listens(first, LEAST + (start + i) % BLOCKS * BLOCK)) {
        TAKEN.add(first);
        return first.getLocalPort();
      }
    }
    if (TAKEN.isEmpty()) {
      throw new IOException(
          "cannot take a block of ports: others have all of %d to %d"
              .formatted(LEAST, LEAST + BLOCKS * BLOCK));
    }
    TAKEN.add(TAKEN.remove(0));
    return TAKEN.get(TAKEN.size() - 1).getLocalPort();
  }

  /** Closes it when something else listens there. */
  private static boolean listens(ServerSocket socket, int port) throws IOException {
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (BindException taken) {
      socket.close();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket socket : held) {
      socket.close();
    }
  }
}
