package io.sluice.cli.rebalance;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One log as it is seen now; Writers by their place, from 0.
 *
 * @param leader -1 if no Writer that answers leads it
 * @param settled whether its members are agreed upon, and no change is under way
 * @param members who counts for the majority
 * @param applied of Writers that answer and have a replica, members or not: up to where
 * @param answering Writers that answer at all
 * @param replaced members whose Writer has another disk by now
 */
record LogView(
    int leader,
    boolean settled,
    List<Integer> members,
    Map<Integer, Long> applied,
    Set<Integer> answering,
    Set<Integer> replaced) {

  /** Positions that may be applied by the leader while the others are asked. */
  static final long NEAR = 256;

  LogView {
    members = List.copyOf(members);
    applied = Map.copyOf(applied);
    answering = Set.copyOf(answering);
    replaced = Set.copyOf(replaced);
  }

  /** Whether a member has all of it, but for what has come just now. */
  boolean isNear(int writer) {
    Long leads = applied.get(leader);
    Long its = applied.get(writer);
    return members.contains(writer)
        && !replaced.contains(writer)
        && leads != null
        && its != null
        && leads - its <= NEAR;
  }
}
