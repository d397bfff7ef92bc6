package io.sluice.cli.rebalance;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether somebody else moves a log away from where it is to be: a rebalance with other Writers to
 * leave out, or with other zones. Two of these would undo each other's steps for ever; two with the
 * same aim never go back. One thread.
 */
final class Contest {

  /** A leader that was deposed and does not know it may show members of before, once. */
  private static final int STEPS_BACK = 3;

  private final Set<Integer> placed;
  private int distance = Integer.MAX_VALUE;
  private int back;

  Contest(List<Integer> placed) {
    this.placed = Set.copyOf(placed);
  }

  /** Tells of the next look; true from when members went away from their places so many times. */
  boolean isOn(LogView log) {
    if (log.leader() >= 0 && log.settled()) {
      int now = distance(log.members());
      back += now > distance ? 1 : 0;
      distance = now;
    }
    return back >= STEPS_BACK;
  }

  /** Members that are to come or to go. */
  private int distance(List<Integer> members) {
    Set<Integer> all = new HashSet<>(placed);
    all.addAll(members);
    Set<Integer> same = new HashSet<>(placed);
    same.retainAll(members);
    return all.size() - same.size();
  }
}
