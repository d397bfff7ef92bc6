package io.sluice.bench.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many connections of all {@link SlowKind}s, each with one step a second: to connect, if it is not,
 * or to send its next bit. One that is closed comes again with its next step. So an attack is at
 * its full size after a second, and costs its victim no more than that many small packets a second:
 * it takes connections and what is held for them, not the machine. Everything belongs to the thread
 * that runs it; the counters may be read by any.
 */
final class SlowConnections implements Runnable {

  private static final long SECOND = 1_000_000_000L;
  private static final long SELECT_MILLIS = 5;

  private final Function<SlowKind.Port, InetSocketAddress> ports;
  private final Connection[] connections;
  private final Selector selector;
  private final ByteBuffer thrownAway = ByteBuffer.allocate(16 << 10);
  private final Map<SlowKind, Integer> closedOf = new EnumMap<>(SlowKind.class);
  private volatile boolean ended;
  private int standing;
  private volatile int mostStanding;
  private volatile @Nullable Exception failure;

  private static final class Connection {
    private final SlowKind kind;
    private @Nullable SocketChannel channel;
    private @Nullable ByteBuffer unsent;
    private long bits;

    Connection(SlowKind kind) {
      this.kind = kind;
    }
  }

  /**
   * Connects nothing before it runs.
   *
   * @param count how many there are, of all kinds equally
   */
  SlowConnections(int count, Function<SlowKind.Port, InetSocketAddress> ports) throws IOException {
    this.ports = ports;
    this.selector = Selector.open();
    this.connections = new Connection[count];
    List<SlowKind> kinds = List.of(SlowKind.values());
    for (int i = 0; i < count; i++) {
      connections[i] = new Connection(kinds.get(i % kinds.size()));
    }
  }

  /** Ends it soon. Any thread. */
  void end() {
    ended = true;
  }

  /** Connections at most at once. */
  int mostStanding() {
    return mostStanding;
  }

  /** What ended it early, as that there are too many open files. */
  @Nullable Exception failure() {
    return failure;
  }

  /** How often the other side closed one; read when it has ended. */
  Map<SlowKind, Integer> closed() {
    return closedOf;
  }

  @Override
  public void run() {
    long began = System.nanoTime();
    try (selector) {
      for (long step = 0; !ended; ) {
        long due = (long) ((System.nanoTime() - began) / (double) SECOND * connections.length);
        for (; step < due; step++) {
          step(connections[(int) (step % connections.length)]);
        }
        selector.select(SELECT_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
          ready((Connection) key.attachment());
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    } finally {
      for (Connection connection : connections) {
        close(connection);
      }
    }
  }

  private void step(Connection connection) throws IOException {
    SocketChannel channel = connection.channel;
    if (channel == null) {
      open(connection);
    } else if (channel.isConnected()) {
      if (connection.unsent == null) {
        connection.unsent = ByteBuffer.wrap(connection.kind.bit(connection.bits++));
      }
      try {
        send(connection, channel);
      } catch (IOException e) {
        lost(connection);
      }
    }
  }

  private void open(Connection connection) throws IOException {
    SocketChannel channel = SocketChannel.open();
    connection.channel = channel;
    connection.bits = 0;
    connection.unsent = null;
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_CONNECT, connection);
    try {
      channel.connect(ports.apply(connection.kind.port()));
    } catch (IOException e) {
      lost(connection);
    }
  }

  private void ready(Connection connection) {
    SocketChannel channel = connection.channel;
    SelectionKey key = channel == null ? null : channel.keyFor(selector);
    if (channel == null || key == null || !key.isValid()) {
      return;
    }
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ);
        mostStanding = Math.max(mostStanding, ++standing);
        connection.unsent = ByteBuffer.wrap(connection.kind.first());
        send(connection, channel);
      } else if (key.isReadable() && channel.read(thrownAway.clear()) < 0) {
        lost(connection);
      }
    } catch (IOException e) {
      lost(connection);
    }
  }

  /** What does not fit goes with the next step. */
  private static void send(Connection connection, SocketChannel channel) throws IOException {
    ByteBuffer unsent = connection.unsent;
    if (unsent != null) {
      channel.write(unsent);
      connection.unsent = unsent.hasRemaining() ? unsent : null;
    }
  }

  private void lost(Connection connection) {
    closedOf.merge(connection.kind, 1, Integer::sum);
    close(connection);
  }

  private void close(Connection connection) {
    SocketChannel channel = connection.channel;
    if (channel != null) {
      connection.channel = null;
      standing -= channel.isConnected() ? 1 : 0;
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a connection", e);
      }
    }
  }
}
