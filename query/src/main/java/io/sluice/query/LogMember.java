package io.sluice.query;

import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Writer with its disk, as one that has a copy of a log, or can have one.
 *
 * @param raft where other Writers reach it
 * @param flight where clients reach it, as it says itself
 */
public record LogMember(String writer, String disk, HostPort raft, HostPort flight) {

  /** What tells it from the same Writer with another disk. */
  public String peer() {
    return writer + "_" + disk;
  }

  /**
   * Reads those that say all of it.
   *
   * @throws IllegalArgumentException an address is none
   */
  static List<LogMember> parse(List<?> peers) throws IOException {
    List<LogMember> all = new ArrayList<>();
    for (Object each : peers) {
      LogMember member = parse(Json.object(each));
      if (member != null) {
        all.add(member);
      }
    }
    return all;
  }

  /** Null if it does not say all of it. */
  static @Nullable LogMember parse(Map<?, ?> peer) throws IOException {
    String raft = Json.text(peer.get("raft"));
    String flight = Json.text(peer.get("flight"));
    return raft.isEmpty() || flight.isEmpty()
        ? null
        : new LogMember(
            Json.text(peer.get("writer")),
            Json.text(peer.get("disk")),
            HostPort.parse(raft),
            HostPort.parse(flight));
  }
}
