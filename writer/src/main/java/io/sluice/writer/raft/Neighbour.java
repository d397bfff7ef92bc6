package io.sluice.writer.raft;

import io.sluice.schema.service.HostPort;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What another Writer says that it has.
 *
 * @param self with its disk
 * @param logs that it has a replica of
 */
public record Neighbour(RaftMember self, List<Known> logs) {

  /**
   * @param leads whether the Writer leads it, as far as it knows
   * @param membership by the newest configuration that the Writer has
   * @param leader where it is reached, as far as the Writer knows
   */
  public record Known(
      UUID id, long term, boolean leads, Membership membership, @Nullable HostPort leader) {

    /** Its entry of a Writer, whatever the disk. */
    Optional<RaftMember> member(String writer) {
      return membership.members().stream()
          .filter(member -> member.writer().equals(writer))
          .findAny();
    }
  }

  /** Who knows most of a log. */
  static Optional<Known> best(int number, Collection<Neighbour> neighbours) {
    return neighbours.stream()
        .flatMap(neighbour -> neighbour.log(number).stream())
        .max(
            Comparator.comparingLong(Known::term)
                .thenComparing(Known::leads)
                .thenComparingLong(known -> known.membership().position()));
  }

  Optional<Known> log(int number) {
    return logs.stream().filter(log -> LogNumber.of(log.id()) == number).findAny();
  }

  /** By log, where its leader is reached: who knows of the highest term knows best. */
  public static Map<Integer, HostPort> leaders(Collection<Neighbour> neighbours) {
    Map<Integer, HostPort> leaders = new HashMap<>();
    Map<Integer, Long> terms = new HashMap<>();
    for (Neighbour neighbour : neighbours) {
      for (Known log : neighbour.logs()) {
        int number = LogNumber.of(log.id());
        HostPort leader = log.leader();
        if (leader != null && log.term() >= terms.getOrDefault(number, 0L)) {
          terms.put(number, log.term());
          leaders.put(number, leader);
        }
      }
    }
    return leaders;
  }
}
