package io.sluice.cli.rebalance;

import io.sluice.query.ClusterLog;
import io.sluice.query.ClusterLogs;
import io.sluice.query.LogClaim;
import io.sluice.query.LogMember;
import io.sluice.query.WriterLogs;
import io.sluice.schema.service.HostPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all Writers that answer say.
 *
 * @param addresses of all Writers, in the order of the settings
 * @param cluster their answers
 * @param selves of those that answer, by place
 */
record Seen(List<HostPort> addresses, ClusterLogs cluster, Map<Integer, LogMember> selves) {

  /**
   * @throws RebalanceException somebody has other settings, or logs have one copy
   */
  static Seen of(List<HostPort> addresses, ClusterLogs cluster) throws RebalanceException {
    Map<Integer, LogMember> selves = new TreeMap<>();
    for (WriterLogs each : cluster.writers()) {
      int place = addresses.indexOf(each.asked());
      LogMember self = each.self();
      if (self == null) {
        throw new RebalanceException(
            "cannot rebalance: the logs of Writer %s have one copy (with replication-factor 1 their places are fixed)"
                .formatted(each.asked()));
      }
      if (place(self) != place || each.writers() != addresses.size()) {
        throw new RebalanceException(
            "cannot rebalance: Writer %s is %s of %d Writers, here it is number %d of %d (start it with the same SLUICE_WRITERS)"
                .formatted(each.asked(), each.writer(), each.writers(), place, addresses.size()));
      }
      selves.put(place, self);
    }
    return new Seen(addresses, cluster, selves);
  }

  /** The number at the end of a Writer's name. */
  static int place(LogMember member) {
    String digits = member.writer().substring(member.writer().lastIndexOf('-') + 1);
    return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : -1;
  }

  /** Whether each log's leader answers. */
  boolean isLed() {
    return cluster.logs().stream().allMatch(log -> leader(log.number()) != null);
  }

  ClusterLog log(int number) {
    return cluster.logs().get(number);
  }

  /** What the log's leader says of it; null if none answers. */
  @Nullable LogClaim leader(int number) {
    ClusterLog log = log(number);
    return log.claimed() ? log.holders().get(log.leader()) : null;
  }

  /** Those that count, as the leader says. */
  List<LogMember> members(int number) {
    LogClaim leader = leader(number);
    return leader == null ? List.of() : leader.members();
  }

  LogView view(int number) {
    ClusterLog log = log(number);
    LogClaim leader = leader(number);
    Map<Integer, Long> applied = new HashMap<>();
    log.holders()
        .forEach((address, claim) -> applied.put(addresses.indexOf(address), claim.applied()));
    List<Integer> members = new ArrayList<>();
    Set<Integer> replaced = new HashSet<>();
    for (LogMember member : members(number)) {
      int place = place(member);
      LogMember self = selves.get(place);
      members.add(place);
      if (self != null && !self.peer().equals(member.peer())) {
        replaced.add(place);
      }
    }
    return new LogView(
        leader == null || log.leader() == null ? -1 : addresses.indexOf(log.leader()),
        leader != null && leader.settled(),
        members,
        applied,
        selves.keySet(),
        replaced);
  }
}
