package io.sluice.query;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads what arrives in a table, from all logs at their leaders, until it is closed. Each row is
 * brought once, whatever Writers die, lead no more or are not reached in between; what could not be
 * brought is said.
 */
public final class Follow implements AutoCloseable {

  private static final Duration END = Duration.ofSeconds(2);

  private final List<FollowedLog> logs = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private Follow() {}

  /**
   * Starts to read, each log on a daemon thread.
   *
   * @param columns which the rows have; none that is promoted
   * @param after up to which position of each log rows are known; of a log that is not in it, rows
   *     are brought that come from now on
   * @throws ReadException no Writer says which logs there are
   */
  public static Follow start(
      Writers writers,
      String tenant,
      Table table,
      List<String> columns,
      Map<UUID, Long> after,
      Follower follower)
      throws ReadException, InterruptedException {
    Follow follow = new Follow();
    ReadTicket ticket = new ReadTicket(tenant, table, Map.of(), columns, null, null, true);
    ClusterLogs cluster = writers.logs();
    for (ClusterLog log : cluster.logs()) {
      FollowedLog followed = new FollowedLog(writers, ticket, log.number(), follower);
      followed.begin(cluster, log, after);
      Thread thread = new Thread(followed, "follow-%s-%d".formatted(table, log.number()));
      thread.setDaemon(true);
      follow.logs.add(followed);
      follow.threads.add(thread);
    }
    follow.threads.forEach(Thread::start);
    return follow;
  }

  /** Begins to end the reads. */
  public void cancel() {
    logs.forEach(FollowedLog::stop);
  }

  /**
   * Ends the reads.
   *
   * @return whether all have ended; not so while the follower does not return
   */
  public boolean stop() throws InterruptedException {
    cancel();
    long end = System.nanoTime() + END.toNanos();
    boolean ended = true;
    for (Thread thread : threads) {
      thread.join(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
      ended &= !thread.isAlive();
    }
    return ended;
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
