package io.sluice.bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** The ports of a box. */
record Ports(int otlpGrpc, int otlpHttp, int flight, int writerAdmin, int acceptorAdmin) {

  private static final int COUNT = 5;

  /** Ports that were free a moment ago; all are held until the last is known. */
  static Ports free() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<Integer> found = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        found.add(socket.getLocalPort());
      }
      return new Ports(found.get(0), found.get(1), found.get(2), found.get(3), found.get(4));
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
