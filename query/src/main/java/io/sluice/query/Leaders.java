package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the leaders of all logs do something, and whoever takes a lead while it is done, until it was
 * done in each log by the Writer that leads it. One thread uses it.
 */
public final class Leaders {

  /** What a Writer is to do in the logs that it leads; doing it twice must be as good as once. */
  @FunctionalInterface
  public interface Deed {
    /**
     * Does it at one Writer, and tells of it.
     *
     * @throws ReadException it was not done
     */
    void at(HostPort leader) throws ReadException;
  }

  /** Takes what went wrong at a leader; the others are still asked. */
  @FunctionalInterface
  public interface Failures {
    void failed(ReadException why);
  }

  private record Lead(HostPort leader, long term) {}

  private final Writers writers;
  private final Waiting waiting;
  private final Map<Integer, Lead> done = new HashMap<>();

  /** Why logs are not done yet, by number. */
  private final Map<Integer, String> said = new TreeMap<>();

  /**
   * @param wait how long to look for leaders without any being found
   */
  public Leaders(Writers writers, Duration wait) {
    this(writers, wait, ReadClock.SYSTEM);
  }

  Leaders(Writers writers, Duration wait, ReadClock clock) {
    this.writers = writers;
    this.waiting = new Waiting(clock, wait);
  }

  /**
   * Does it in all logs.
   *
   * @throws ReadException logs have no leader that could be asked, within the time: it names them
   */
  public void all(String what, Deed deed, Failures failures)
      throws ReadException, InterruptedException {
    while (true) {
      try {
        ClusterLogs cluster = writers.logsOfAll();
        Map<HostPort, List<ClusterLog>> due = due(cluster);
        if (due.isEmpty() && said.isEmpty()) {
          return;
        }
        boolean any = false;
        for (Map.Entry<HostPort, List<ClusterLog>> each : due.entrySet()) {
          any |= at(each.getKey(), each.getValue(), deed, failures);
        }
        if (any) {
          waiting.restart();
          continue; // who leads by now?
        }
      } catch (ReadException e) {
        if (!e.passes() || writers.addresses().size() == 1) {
          throw e;
        }
        said.put(MissingLog.ALL, "all logs: " + e.said());
      }
      if (!waiting.pause()) {
        throw new ReadException(
            "cannot %s all logs within %s: %s ('sluice status' shows Writers and logs: run it again later)"
                .formatted(what, waiting.time(), String.join("; ", said.values())),
            null);
      }
    }
  }

  /** Logs whose present leader has not done it, by leader. */
  private Map<HostPort, List<ClusterLog>> due(ClusterLogs cluster) {
    said.clear();
    for (ClusterLog log : cluster.logs()) {
      if (cluster.place(log) == null) {
        said.put(log.number(), log.name() + ": " + cluster.unled(log));
      }
    }
    return cluster.logs().stream()
        .filter(log -> cluster.place(log) != null && !lead(log).equals(done.get(log.number())))
        .collect(
            Collectors.groupingBy(
                log -> lead(log).leader(), LinkedHashMap::new, Collectors.toList()));
  }

  private static Lead lead(ClusterLog log) {
    @Nullable HostPort leader = log.leader();
    if (leader == null) {
      throw new IllegalArgumentException("nobody leads " + log.name());
    }
    return new Lead(leader, log.term());
  }

  /** Whether the Writer gave an answer, be it that it cannot. */
  private boolean at(HostPort leader, List<ClusterLog> logs, Deed deed, Failures failures)
      throws ReadException {
    try {
      deed.at(leader);
    } catch (ReadException e) {
      if (e.passes() && !isAlone(e)) {
        logs.forEach(log -> said.put(log.number(), log.name() + ": " + e.said()));
        return false;
      }
      failures.failed(e);
    }
    logs.forEach(log -> done.put(log.number(), lead(log)));
    return true;
  }

  /** A lone Writer that was reached and is lost has nobody to take over. */
  private boolean isAlone(ReadException e) {
    return e instanceof WriterAwayException && writers.addresses().size() == 1;
  }
}
