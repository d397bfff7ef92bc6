package io.sluice.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class SlowConnectionsTest {

  private static final int KINDS = SlowKind.values().length;

  @Test
  void eachIsThereOnceAndThoseThatAreClosedComeAgain() throws Exception {
    try (ServerSocket http = listen();
        ServerSocket grpc = listen()) {
      SlowConnections slow = connections(http, grpc);
      Thread thread = new Thread(slow);
      thread.start();
      for (SlowKind kind : SlowKind.values()) {
        (kind.port() == SlowKind.Port.HTTP ? http : grpc).accept().close();
      }
      for (SlowKind kind : SlowKind.values()) {
        (kind.port() == SlowKind.Port.HTTP ? http : grpc).accept().close();
      }
      slow.end();
      thread.join();

      assertThat(slow.failure()).isNull();
      assertThat(slow.mostStanding()).isBetween(1, KINDS);
      assertThat(slow.closed()).isNotEmpty();
    }
  }

  @Test
  void aHeadComesByteByByteAndABodyAfterItsHead() throws Exception {
    try (ServerSocket http = listen();
        ServerSocket grpc = listen()) {
      SlowConnections slow = connections(http, grpc);
      Thread thread = new Thread(slow);
      thread.start();
      boolean head = false;
      boolean body = false;
      while (!head || !body) {
        try (Socket socket = http.accept()) {
          socket.setSoTimeout(5_000);
          String begin = begin(socket);
          head |= begin.equals("P");
          body |= begin.startsWith("POST /v1/traces HTTP/1.1\r\n") && begin.endsWith("\r\n\r\n");
        }
      }
      slow.end();
      thread.join();
    }
  }

  /** What comes at once; empty if nothing comes in time. */
  private static String begin(Socket socket) throws Exception {
    byte[] bytes = new byte[4_096];
    try {
      int count = socket.getInputStream().read(bytes);
      return new String(bytes, 0, Math.max(0, count), StandardCharsets.US_ASCII);
    } catch (java.net.SocketTimeoutException e) {
      return "";
    }
  }

  private static SlowConnections connections(ServerSocket http, ServerSocket grpc)
      throws Exception {
    return new SlowConnections(
        KINDS,
        port ->
            (InetSocketAddress) (port == SlowKind.Port.HTTP ? http : grpc).getLocalSocketAddress());
  }

  private static ServerSocket listen() throws Exception {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }
}
