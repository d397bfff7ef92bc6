package io.sluice.s3server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports for services of tests that must be told theirs before they start. They lie below those that
 * systems give to clients (Linux from 32768, others from 49152), so that no connection gets one by
 * chance while its service is not there yet, or away. They come in blocks: whoever listens on the
 * first port of a block has the others, so no two processes of a machine give the same, and the
 * system gives a block back when its process ends. No port is given twice before all were.
 *
 * <p>Safe for any thread.
 */
public final class FreePorts {

  private static final int LEAST = 18_000;
  private static final int BLOCK = 100;
  private static final int BLOCKS = 140;

  /** What says that blocks are taken: never closed. */
  private static final List<ServerSocket> TAKEN = new ArrayList<>();

  private static int next;
  private static int end;

  /** One that was free a moment ago. */
  public static int one() throws IOException {
    return run(1, 1);
  }

  /** So many, each free a moment ago. */
  public static List<Integer> several(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(one());
    }
    return ports;
  }

  /** The first of so many that are as far apart, each free a moment ago. */
  public static synchronized int run(int count, int apart) throws IOException {
    int span = (count - 1) * apart + 1;
    for (int attempt = 0; attempt < BLOCK * BLOCKS; attempt++) {
      if (next + span > end) {
        turnToAnotherBlock();
      }
      int port = next;
      next += span;
      if (next <= end && free(port, count, apart)) {
        return port;
      }
    }
    throw new IOException(
        "cannot find %d free ports that are %d apart: from %d to %d"
            .formatted(count, apart, LEAST, LEAST + BLOCKS * BLOCK));
  }

  /** A new one, or when all are taken the oldest of this process. */
  private static void turnToAnotherBlock() throws IOException {
    if (!takeNewBlock()) {
      if (TAKEN.isEmpty()) {
        throw new IOException(
            "cannot take a block of ports: others have all of %d to %d"
                .formatted(LEAST, LEAST + BLOCKS * BLOCK));
      }
      TAKEN.add(TAKEN.remove(0));
    }
    int first = TAKEN.get(TAKEN.size() - 1).getLocalPort();
    next = first + 1;
    end = first + BLOCK;
  }

  private static boolean takeNewBlock() throws IOException {
    int start = (int) (ProcessHandle.current().pid() % BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      int port = LEAST + (start + i) % BLOCKS * BLOCK;
      ServerSocket first = new ServerSocket();
      try {
        first.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        TAKEN.add(first);
        return true;
      } catch (BindException taken) {
        first.close();
      }
    }
    return false;
  }

  private static boolean free(int port, int count, int apart) throws IOException {
    for (int i = 0; i < count; i++) {
      if (!free(new InetSocketAddress(port + i * apart))
          || !free(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + i * apart))) {
        return false;
      }
    }
    return true;
  }

  private static boolean free(InetSocketAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (BindException taken) {
      return false;
    }
  }

  private FreePorts() {}
}
