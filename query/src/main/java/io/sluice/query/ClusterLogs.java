package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All logs of the cluster and who leads them, by the answers of those Writers that gave any. Who
 * leads is a guess in any case: a Writer that is read confirms it, or refuses.
 *
 * @param logs by number; every number below that of the cluster's logs is there
 * @param writers who answered
 * @param away why others did not
 */
public record ClusterLogs(
    List<ClusterLog> logs, List<WriterLogs> writers, Map<HostPort, ReadException> away) {

  public ClusterLogs {
    logs = List.copyOf(logs);
    writers = List.copyOf(writers);
    away = Collections.unmodifiableMap(new LinkedHashMap<>(away));
  }

  /**
   * Puts answers together: of each log the claim of the highest term counts, and in one term that
   * of the leader itself.
   *
   * @param writers at least one, in the order of the settings
   * @throws ReadException they are not of one cluster, or have no logs
   */
  public static ClusterLogs of(List<WriterLogs> writers, Map<HostPort, ReadException> away)
      throws ReadException {
    WriterLogs first = writers.get(0);
    Map<HostPort, HostPort> reached = new HashMap<>();
    for (WriterLogs each : writers) {
      if (each.cluster() != first.cluster()) {
        throw new ReadException(
            "cannot read: Writer %s is of a cluster of %d logs, Writer %s of %d (are both of one cluster? SLUICE_WRITERS lists Writers)"
                .formatted(first.asked(), first.cluster(), each.asked(), each.cluster()),
            null);
      }
      if (each.address() != null) {
        reached.putIfAbsent(each.address(), each.asked());
      }
    }
    if (first.cluster() == 0) {
      throw new ReadException("cannot read: Writer %s has no logs".formatted(first.asked()), null);
    }
    List<ClusterLog> logs = new ArrayList<>();
    for (int number = 0; number < first.cluster(); number++) {
      logs.add(log(number, writers, reached));
    }
    return new ClusterLogs(logs, writers, away);
  }

  private static ClusterLog log(
      int number, List<WriterLogs> writers, Map<HostPort, HostPort> reached) throws ReadException {
    Map<HostPort, LogClaim> holders = new LinkedHashMap<>();
    @Nullable UUID id = null;
    @Nullable LogClaim best = null;
    @Nullable HostPort leader = null;
    for (WriterLogs writer : writers) {
      for (LogClaim claim : writer.logs()) {
        if (claim.number() != number) {
          continue;
        }
        if (id != null && !id.equals(claim.id())) {
          throw new ReadException(
              "cannot read: log %d is %s by some Writers and %s by Writer %s (are all of one cluster? SLUICE_WRITERS lists Writers)"
                  .formatted(number, id, claim.id(), writer.asked()),
              null);
        }
        id = claim.id();
        holders.put(writer.asked(), claim);
        HostPort named = claim.leader();
        HostPort at =
            claim.leads()
                ? writer.asked()
                : named == null ? null : reached.getOrDefault(named, named);
        if (at != null && isBetter(claim, best)) {
          best = claim;
          leader = at;
        }
      }
    }
    return new ClusterLog(
        number, id, best == null ? 0 : best.term(), leader, best != null && best.leads(), holders);
  }

  private static boolean isBetter(LogClaim claim, @Nullable LogClaim than) {
    return than == null
        || claim.term() > than.term()
        || (claim.term() == than.term() && claim.leads() && !than.leads());
  }

  /** Where a log is read; null if nobody is known to lead it. */
  public @Nullable LogPlace place(ClusterLog log) {
    UUID id = log.id();
    HostPort leader = log.leader();
    return id == null || leader == null
        ? null
        : new LogPlace(log.number(), id, leader, logs.size() == 1);
  }

  /** The same of a log by its number. */
  public @Nullable LogPlace place(int number) {
    return place(logs.get(number));
  }

  /**
   * Whether each log is claimed by its leader, so that no other answer is needed. Who holds a log
   * without peers knows of no other Writers: theirs may show that it is not of their cluster.
   */
  boolean isEnough() {
    return logs.stream()
        .map(log -> log.claimed() ? log.holders().get(log.leader()) : null)
        .allMatch(leader -> leader != null && !leader.peers().isEmpty());
  }

  /** Whether one Writer leads all: then there is no other to turn to. */
  boolean isOfOne() {
    return writers.size() == 1
        && away.isEmpty()
        && logs.stream().allMatch(log -> writers.get(0).asked().equals(log.leader()));
  }

  /** Why nobody is known to lead a log, and who might know. */
  public String unled(ClusterLog log) {
    String what =
        log.holders().isEmpty()
            ? "no Writer that answers holds it"
            : "no Writer that answers knows who leads it";
    return away.isEmpty()
        ? what
        : what
            + "; "
            + away.values().stream().map(ReadException::said).collect(Collectors.joining("; "));
  }
}
