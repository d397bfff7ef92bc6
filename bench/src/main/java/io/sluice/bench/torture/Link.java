package io.sluice.bench.torture;

import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The way from one process to another, or to the store: a TCP proxy that can refuse, reset, stall,
 * delay and lose one direction. A thread accepts, two move each connection's bytes; any thread sets
 * the mode.
 */
final class Link implements AutoCloseable {

  /** What happens to connections and their bytes. */
  enum Mode {
    PASS,
    /** Connections are reset, those that are there and new ones. */
    REFUSE,
    /** No byte moves either way; those on their way come when it ends. */
    STALL,
    /** Each piece of bytes is late. */
    DELAY,
    /** What the server says is held; when it ends, the connections are reset, and it is lost. */
    HALF_OPEN
  }

  private static final int BACKLOG = 50;
  private static final int BUFFER = 64 << 10;
  private static final int CONNECT_MILLIS = 5_000;

  private final ServerSocket server;
  private final Supplier<HostPort> target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private Mode mode = Mode.PASS; // guarded by this
  private long delayMillis; // guarded by this
  private volatile boolean closed;

  /**
   * On some port of this machine.
   *
   * @param target asked at each connection
   */
  Link(Supplier<HostPort> target) throws IOException {
    this(new HostPort("127.0.0.1", 0), target);
  }

  /** The same at an address of this machine. */
  Link(HostPort at, Supplier<HostPort> target) throws IOException {
    this.server = new ServerSocket(at.port(), BACKLOG, InetAddress.getByName(at.host()));
    this.target = target;
    daemon("link", this::accept);
  }

  HostPort address() {
    return new HostPort(server.getInetAddress().getHostAddress(), server.getLocalPort());
  }

  /** In this mode for a while, then as before. */
  void during(Mode other, long delay, Fault.Lasting lasting)
      throws IOException, InterruptedException {
    during(List.of(this), other, delay, lasting);
  }

  /** The same of several at once. */
  static void during(Collection<Link> links, Mode other, long delay, Fault.Lasting lasting)
      throws IOException, InterruptedException {
    links.forEach(link -> link.set(other, delay));
    try {
      if (other == Mode.REFUSE) {
        links.forEach(Link::reset); // there are none but new ones
      }
      lasting.pass();
    } finally {
      if (other == Mode.HALF_OPEN) {
        links.forEach(Link::reset);
      }
      links.forEach(link -> link.set(Mode.PASS, 0));
    }
  }

  /** New connections are refused for a while, and there are none but new ones. */
  void refuse(Fault.Lasting lasting) throws IOException, InterruptedException {
    during(Mode.REFUSE, 0, lasting);
  }

  /** Ends all connections as a network does that forgot them: each side sees a reset. */
  void reset() {
    sockets.forEach(Link::resetQuietly);
  }

  private synchronized void set(Mode other, long delay) {
    mode = other;
    delayMillis = delay;
    notifyAll();
  }

  private synchronized Mode mode() {
    return mode;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = server.accept();
        if (mode() == Mode.REFUSE) {
          resetQuietly(client);
        } else {
          connect(client);
        }
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private void connect(Socket client) throws IOException {
    HostPort to = target.get();
    Socket server = new Socket();
    sockets.add(client); // before there is a connection that a reset could miss
    sockets.add(server);
    try {
      server.connect(new InetSocketAddress(to.host(), to.port()), CONNECT_MILLIS);
    } catch (IOException e) {
      resetQuietly(client); // it is away: so it is for the client
      sockets.remove(client);
      sockets.remove(server);
      return;
    }
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    daemon("link-up", () -> move(client, server, false));
    daemon("link-down", () -> move(server, client, true));
  }

  private void move(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hold(answers);
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      resetQuietly(from);
      resetQuietly(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private synchronized void hold(boolean answers) throws InterruptedException {
    while (!closed && (mode == Mode.STALL || (answers && mode == Mode.HALF_OPEN))) {
      wait();
    }
    if (mode == Mode.DELAY) {
      long end = System.nanoTime() + delayMillis * 1_000_000;
      for (long left = end - System.nanoTime();
          mode == Mode.DELAY && left > 0;
          left = end - System.nanoTime()) {
        wait(left / 1_000_000 + 1);
      }
    }
  }

  /** A close that a reset tells, not an orderly end. */
  private static void resetQuietly(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      return; // it is closed, which is what was wanted
    }
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    reset();
    set(Mode.PASS, 0);
  }
}
