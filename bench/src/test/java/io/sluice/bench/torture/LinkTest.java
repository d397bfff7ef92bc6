package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bench.torture.Link.Mode;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LinkTest {

  private static final int SILENT_MILLIS = 200;
  private static final int PATIENCE_MILLIS = 60_000;

  private ServerSocket writer;
  private Link link;
  private Socket client;
  private Socket served;

  @BeforeEach
  void connect() throws IOException {
    writer = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    link = new Link(() -> new HostPort("127.0.0.1", writer.getLocalPort()));
    client = new Socket("127.0.0.1", link.address().port());
    served = writer.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    served.close();
    link.close();
    writer.close();
  }

  @Test
  void bytesPassBothWays() throws IOException {
    assertPasses(client, served);
    assertPasses(served, client);
  }

  @Test
  void bytesOfAStalledLinkComeWhenItMovesAgain() throws Exception {
    link.during(
        Mode.STALL,
        0,
        () -> {
          send(client, 7);
          assertSilent(served);
        });

    assertThat(served.getInputStream().read()).isEqualTo(7);
    assertPasses(served, client);
  }

  @Test
  void answersOfAHalfOpenLinkAreLost() throws Exception {
    link.during(
        Mode.HALF_OPEN,
        0,
        () -> {
          assertPasses(client, served);
          send(served, 9);
          assertSilent(client);
        });

    assertThatThrownBy(() -> requireOpen(client)).isInstanceOf(IOException.class);
  }

  @Test
  void aResetEndsBothSides() {
    link.reset();

    assertThatThrownBy(() -> requireOpen(client)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> requireOpen(served)).isInstanceOf(IOException.class);
  }

  @Test
  void newConnectionsAreRefused() throws Exception {
    link.during(
        Mode.REFUSE,
        0,
        () -> {
          try (Socket refused = new Socket("127.0.0.1", link.address().port())) {
            assertThatThrownBy(() -> requireOpen(refused)).isInstanceOf(IOException.class);
          } catch (IOException e) {
            assertThat(e).isNotInstanceOf(SocketTimeoutException.class); // refused at once
          }
        });
  }

  private static void assertPasses(Socket from, Socket to) {
    send(from, 3);
    try {
      to.setSoTimeout(PATIENCE_MILLIS);
      assertThat(to.getInputStream().read()).isEqualTo(3);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertSilent(Socket socket) {
    try {
      socket.setSoTimeout(SILENT_MILLIS);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void send(Socket socket, int value) {
    try {
      socket.getOutputStream().write(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads until the end; a reset is an exception. */
  private static void requireOpen(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    try {
      if (socket.getInputStream().read() < 0) {
        throw new IOException("closed");
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither closed nor reset", e);
    }
  }
}
