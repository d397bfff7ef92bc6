package io.sluice.bench.harness;

import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A way to a server that does something at an exact moment: when the bytes that it is armed for
 * come by, before they go on. A thread accepts, two move each connection's bytes; any thread arms.
 */
final class Tripwire implements AutoCloseable {

  /** Told of all bytes that come by, one piece after the other. */
  @FunctionalInterface
  interface Trigger {
    /**
     * @param up towards the server
     */
    boolean trips(boolean up, byte[] bytes, int count);
  }

  /** Once: whoever takes it acts. */
  private record Armed(Trigger trigger, Runnable action) {}

  private static final int BUFFER = 16 << 10;

  private final ServerSocket server;
  private final HostPort target;
  private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();

  Tripwire(HostPort target) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    daemon("tripwire", this::accept);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getLocalPort());
  }

  /**
   * @param action done by the thread that moves the bytes; the connection ends after it
   */
  void arm(Trigger trigger, Runnable action) {
    armed.set(new Armed(trigger, action));
  }

  void disarm() {
    armed.set(null);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        connect(client);
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket there = new Socket();
    try {
      there.connect(new InetSocketAddress(target.host(), target.port()));
      there.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
    } catch (IOException e) {
      client.close();
      there.close();
      throw e;
    }
    daemon("tripwire-up", () -> move(client, there, true));
    daemon("tripwire-down", () -> move(there, client, false));
  }

  private void move(Socket from, Socket to, boolean up) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (tripped(up, buffer, read)) {
          return;
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      return; // one of them is gone, and the other is closed
    }
  }

  private boolean tripped(boolean up, byte[] bytes, int count) {
    Armed now = armed.get();
    if (now == null) {
      return false;
    }
    boolean trips;
    synchronized (now) {
      trips = now.trigger().trips(up, bytes, count);
    }
    if (!trips || !armed.compareAndSet(now, null)) {
      return false;
    }
    now.action().run();
    return true;
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
