package io.sluice.s3server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports for services of tests that must be told theirs before they start. They lie below those that
 * systems give to clients (Linux from 32768, others from 49152), so that no connection gets one by
 * chance while its service is not there yet, or away; each test process has some of its own, and no
 * port is given twice before all were.
 *
 * <p>Safe for any thread.
 */
public final class FreePorts {

  private static final int LEAST = 20_000;
  private static final int OF_A_PROCESS = 1_000;
  private static final int PROCESSES = 12;

  private static int next = start();

  /** Surefire numbers the processes that it runs side by side from 1. */
  private static int start() {
    return first() + (int) (ProcessHandle.current().pid() % OF_A_PROCESS);
  }

  /** What such a process starts has the last ones. */
  private static int first() {
    int fork = Integer.getInteger("surefire.forkNumber", PROCESSES);
    return LEAST + Math.floorMod(fork - 1, PROCESSES) * OF_A_PROCESS;
  }

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
    int first = first();
    for (int attempt = 0; attempt < OF_A_PROCESS; attempt++) {
      int port = next;
      int last = port + (count - 1) * apart;
      next = last + 1 < first + OF_A_PROCESS ? last + 1 : first;
      if (last < first + OF_A_PROCESS && free(port, count, apart)) {
        return port;
      }
    }
    throw new IOException(
        "cannot find a free port: from %d to %d".formatted(first, first + OF_A_PROCESS));
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
    } catch (java.net.BindException taken) {
      return false;
    }
  }

  private FreePorts() {}
}
