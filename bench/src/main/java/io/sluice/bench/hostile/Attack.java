package io.sluice.bench.hostile;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.bench.harness.SluiceBox;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Slow connections and bombs against a box at once, over loopback. Bounded: by its number of
 * connections, by one shot of each sort under way, and by its end. One thread uses it.
 */
final class Attack implements AutoCloseable {

  private static final long SPARE_FILES = 500;
  private static final long END_MILLIS = 10_000;

  private final GrpcShots calls;
  private final SlowConnections slow;
  private final Thread slowThread;
  private final Bombardment bombs;

  /**
   * Makes all that is sent, which takes longer than to send it.
   *
   * @throws IOException so many connections cannot be had
   */
  Attack(SluiceBox box, int connections) throws IOException {
    requireFiles(connections);
    byte[] beyondLimit = Payloads.beyondLimit();
    byte[] emptyRecords = Payloads.emptyRecords();
    this.calls = new GrpcShots(address(box.grpc()));
    List<Shot> shots = new ArrayList<>(calls.all(beyondLimit, emptyRecords));
    shots.addAll(new HttpShots(address(box.http())).all(beyondLimit, emptyRecords));
    this.bombs = new Bombardment(shots);
    this.slow =
        new SlowConnections(
            connections, port -> address(port == SlowKind.Port.HTTP ? box.http() : box.grpc()));
    this.slowThread = new Thread(slow, "slow-connections");
    slowThread.setDaemon(true);
  }

  void begin() {
    slowThread.start();
    bombs.begin();
  }

  /**
   * Ends it, and tells what was done.
   *
   * @throws IOException its connections ended before
   */
  AttackReport end() throws IOException, InterruptedException {
    close();
    if (slow.failure() != null) {
      throw new IOException("cannot count the attack: it ended early", slow.failure());
    }
    return new AttackReport(slow.mostStanding(), slow.closed(), bombs.answers());
  }

  @Override
  public void close() throws InterruptedException {
    slow.end();
    slowThread.join(END_MILLIS);
    bombs.close();
    calls.close();
  }

  /** This process has one side of each, the Acceptor the other, with the same bound. */
  private static void requireFiles(int connections) throws IOException {
    long wanted = connections + SPARE_FILES;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < wanted) {
      throw new IOException(
          "cannot hold %d connections: a process may have %d files open (ulimit -n %d, or more)"
              .formatted(connections, system.getMaxFileDescriptorCount(), wanted));
    }
  }

  private static InetSocketAddress address(URI endpoint) {
    return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
  }
}
