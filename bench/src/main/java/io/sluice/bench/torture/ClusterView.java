package io.sluice.bench.torture;

import io.sluice.query.ClusterLog;
import io.sluice.query.ClusterLogs;
import io.sluice.query.LogClaim;
import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.service.HostPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Who leads which log, and who holds it, by what the Writers say. One thread uses it. */
final class ClusterView implements AutoCloseable {

  private static final long POLL_MILLIS = 100;

  private final List<HostPort> writers;
  private final int logs;
  private final int factor;
  private final BufferAllocator allocator = new RootAllocator();
  private final Writers asked;

  /**
   * @param writers where they are reached from here
   * @param factor how many of them are to hold each log
   */
  ClusterView(List<HostPort> writers, int logs, int factor) {
    this.writers = List.copyOf(writers);
    this.logs = logs;
    this.factor = factor;
    this.asked = Writers.at(writers, allocator);
  }

  /** The place of the Writer that leads the log, if one says so. */
  OptionalInt leader(int log) throws InterruptedException {
    try {
      ClusterLog found = asked.logsOfAll().logs().get(log);
      int place = found.claimed() ? writers.indexOf(found.leader()) : -1;
      return place < 0 ? OptionalInt.empty() : OptionalInt.of(place);
    } catch (ReadException e) {
      return OptionalInt.empty(); // nobody answers
    }
  }

  /** Waits until another Writer than that leads the log; empty = none does in time. */
  OptionalInt awaitOther(int log, int than, long limitMillis) throws InterruptedException {
    long end = System.nanoTime() + limitMillis * 1_000_000;
    while (System.nanoTime() - end < 0) {
      OptionalInt leader = leader(log);
      if (leader.isPresent() && leader.getAsInt() != than) {
        return leader;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return OptionalInt.empty();
  }

  /** What is to be made good since it was made: replicas are to have what leaders had. */
  final class Recovery {
    private final Map<Integer, Long> goals = new HashMap<>();

    /** In a sentence; empty if all is as it is to be. */
    String lacking() throws InterruptedException {
      ClusterLogs now;
      try {
        now = asked.logsOfAll();
      } catch (ReadException e) {
        return String.valueOf(e.getMessage());
      }
      if (!now.away().isEmpty()) {
        return now.away().toString();
      }
      for (ClusterLog log : now.logs()) {
        String lacks = lacking(log);
        if (!lacks.isEmpty()) {
          return lacks;
        }
      }
      return now.logs().size() == logs ? "" : "they know of %d logs".formatted(now.logs().size());
    }

    private String lacking(ClusterLog log) {
      LogClaim leader = log.claimed() ? log.holders().get(log.leader()) : null;
      if (leader == null) {
        return log.name() + " has no leader";
      }
      long goal = goals.computeIfAbsent(log.number(), number -> leader.applied());
      long whole = log.holders().values().stream().filter(claim -> claim.applied() >= goal).count();
      return whole >= factor
          ? ""
          : "%s is on %d Writers as far as position %d: %s"
              .formatted(log.name(), whole, goal, log.holders());
    }
  }

  @Override
  public void close() {
    asked.close();
    allocator.close();
  }
}
