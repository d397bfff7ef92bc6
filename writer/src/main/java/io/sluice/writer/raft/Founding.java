package io.sluice.writer.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a Writer does about a log that its disk does not know. The danger is to found a log twice,
 * or to come back with an empty disk as a member that has voted before. So:
 *
 * <ul>
 *   <li>a log is founded only by the first of the Writers that are to have it, and only when all
 *       Writers of the cluster answer, and none of them knows it; with the disks that they have
 *       now;
 *   <li>a Writer begins as a member only if the members have this very disk, and it has not left
 *       the log: it was empty when the log was founded, and has never been a member before;
 *   <li>a Writer whose disk the members do not have, but another disk of the same Writer, asks to
 *       be taken in instead of that one: until then it has no vote.
 * </ul>
 *
 * Pure: the same for the same arguments.
 */
public final class Founding {

  /** What to do about one log. */
  public sealed interface Step {
    /** Make the log with these members, of which this Writer is one, and the first. */
    record Found(List<RaftMember> members) implements Step {}

    /** Somebody has founded it with this disk as a member. */
    record Begin(UUID id, List<RaftMember> members) implements Step {}

    /** Ask the leader to take this disk in instead of the one that the Writer had. */
    record Join(UUID id, RaftMember instead) implements Step {}

    /** It is on other Writers. */
    record Leave() implements Step {}

    /** Ask again later. */
    record Await(String why) implements Step {}
  }

  /**
   * @param writers how many the cluster has
   * @param placed ordinals of those that are to have the log when it is founded, in order
   * @param left logs that this disk was in, and is not any more
   * @param neighbours by ordinal, all others that answer
   */
  public static Step decide(
      int number,
      int self,
      RaftMember own,
      int writers,
      List<Integer> placed,
      Set<UUID> left,
      Map<Integer, Neighbour> neighbours) {
    Optional<Neighbour.Known> known = Neighbour.best(number, neighbours.values());
    if (known.isPresent()) {
      return of(known.get(), own, left);
    }
    List<Integer> silent =
        Stream.iterate(0, i -> i + 1)
            .limit(writers)
            .filter(i -> i != self && !neighbours.containsKey(i))
            .toList();
    if (!silent.isEmpty()) {
      return new Step.Await(
          "log %d is not known here, and is founded only when all Writers answer: Writers %s do not"
              .formatted(number, silent));
    }
    if (!placed.contains(self)) {
      return new Step.Leave();
    }
    if (placed.get(0) != self) {
      return new Step.Await(
          "log %d is founded by Writer %d, which has not yet".formatted(number, placed.get(0)));
    }
    List<RaftMember> members = new ArrayList<>();
    for (int writer : placed) {
      Neighbour neighbour = neighbours.get(writer);
      members.add(neighbour == null ? own : neighbour.self());
    }
    return new Step.Found(members);
  }

  private static Step of(Neighbour.Known log, RaftMember own, Set<UUID> left) {
    Optional<RaftMember> listed = log.member(own.writer());
    if (listed.isEmpty()) {
      return new Step.Leave();
    }
    if (listed.get().disk().equals(own.disk()) && left.contains(log.id())) {
      return new Step.Leave(); // who says so has slept since, or it comes back by being adopted
    }
    return listed.get().disk().equals(own.disk())
        ? new Step.Begin(log.id(), log.membership().members())
        : new Step.Join(log.id(), listed.get());
  }

  private Founding() {}
}
