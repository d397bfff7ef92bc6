package io.sluice.writer.raft;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/**
 * When a replica may be deleted that its log's members do not count any more. The danger is to
 * delete one that counts: that has acknowledged records, or voted, for members of which it is one.
 * It counts for those only whose configuration it has. So: the leader has to say that it is no
 * member, by a configuration that is committed for ever; and what this replica has itself must not
 * be newer, which is to be asked again when it has been stopped and gets nothing any more. Pure.
 */
public final class Leaving {

  /**
   * What says that it may go; empty: it stays.
   *
   * @param own what the replica has itself
   */
  public static Optional<Membership> proof(
      RaftMember self, UUID log, Membership own, Collection<Neighbour> neighbours) {
    return neighbours.stream()
        .flatMap(neighbour -> neighbour.logs().stream())
        .filter(known -> known.id().equals(log) && known.leads())
        .filter(known -> !isToJoin(self, own, known))
        .map(Neighbour.Known::membership)
        .filter(now -> now.settled() && !now.members().isEmpty())
        .filter(now -> !has(now, self) && isOlder(own, now))
        .findAny();
  }

  /** Whether the replica has no other configuration than this one, or one that this one undid. */
  public static boolean isOlder(Membership own, Membership settled) {
    return own.position() <= settled.position() || (own.term() > 0 && own.term() < settled.term());
  }

  /** A Writer that has lost its disk: the leader is to take in the new one. */
  private static boolean isToJoin(RaftMember self, Membership own, Neighbour.Known known) {
    return !has(own, self) && known.member(self.writer()).isPresent();
  }

  private static boolean has(Membership membership, RaftMember self) {
    return membership.members().stream().anyMatch(member -> member.peerId().equals(self.peerId()));
  }

  private Leaving() {}
}
