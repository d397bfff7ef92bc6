package io.sluice.writer.raft;

import java.time.Duration;

/**
 * Another member, as the leader knows it.
 *
 * @param peer its id
 * @param matched up to where it has forced the leader's log
 * @param silent for how long it has not answered
 */
public record Follower(String peer, long matched, Duration silent) {

  public boolean is(RaftMember member) {
    return peer.equals(member.peerId().toString());
  }
}
