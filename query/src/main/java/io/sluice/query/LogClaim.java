package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a Writer says of a log that it holds.
 *
 * @param number in the cluster, from 0
 * @param term in which it says so; 0 of a Writer that knows no terms
 * @param leader where the leader is, in the Writer's own words; null if it knows none
 * @param leads whether it leads the log itself
 * @param first the lowest position that it has
 * @param applied up to where it has applied the log
 * @param peers names of the Writers that hold the log; empty if it does not say
 * @param members the same, with all that is said of them
 * @param settled whether they are agreed upon, and no change is under way
 */
public record LogClaim(
    int number,
    UUID id,
    long term,
    @Nullable HostPort leader,
    boolean leads,
    long first,
    long applied,
    List<String> peers,
    List<LogMember> members,
    boolean settled) {

  public LogClaim {
    peers = List.copyOf(peers);
    members = List.copyOf(members);
  }

  /** Of a Writer that says less. */
  public LogClaim(
      int number,
      UUID id,
      long term,
      @Nullable HostPort leader,
      boolean leads,
      long first,
      long applied,
      List<String> peers) {
    this(number, id, term, leader, leads, first, applied, peers, List.of(), false);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException a number, id or address is none
   */
  static LogClaim parse(Map<?, ?> log) throws IOException {
    String leader = Json.text(log.get("leader"));
    List<String> peers =
        Json.list(log.get("peers")).stream()
            .map(peer -> Json.text(Json.object(peer).get("writer")))
            .toList();
    return new LogClaim(
        Math.toIntExact(number(log, "number", -1)),
        UUID.fromString(Json.text(log.get("id"))),
        number(log, "term", 0),
        leader.isEmpty() ? null : HostPort.parse(leader),
        !log.containsKey("leads") || Json.text(log.get("leads")).equals("true"),
        number(log, "first", 0),
        number(log, "applied", 0),
        peers,
        LogMember.parse(Json.list(log.get("peers"))),
        Json.text(log.get("settled")).equals("true"));
  }

  private static long number(Map<?, ?> log, String name, long absent) {
    return log.containsKey(name) ? Long.parseLong(Json.text(log.get(name))) : absent;
  }
}
