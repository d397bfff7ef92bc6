package io.sluice.cli.rebalance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A log of Writers that fail at any time, as Raft and the Writers do what they are asked: a new
 * member counts only when it has all of it, and a leader is one that has.
 */
final class ModelLog {

  private static final long NOTHING = 0;

  private final Random random;
  private final int writers;
  private final Set<Integer> members;
  private final Map<Integer, Long> has = new HashMap<>();
  private final Set<Integer> away = new TreeSet<>();
  private int leader;
  private long last = 10_000;
  private boolean changing;

  ModelLog(Random random, int writers, List<Integer> members) {
    this.random = random;
    this.writers = writers;
    this.members = new TreeSet<>(members);
    members.forEach(member -> has.put(member, last));
    leader = members.get(0);
  }

  LogView view() {
    Map<Integer, Long> applied = new HashMap<>(has);
    applied.keySet().removeAll(away);
    Set<Integer> answering = new HashSet<>();
    for (int writer = 0; writer < writers; writer++) {
      if (!away.contains(writer)) {
        answering.add(writer);
      }
    }
    return new LogView(leader, !changing, new ArrayList<>(members), applied, answering, Set.of());
  }

  /** What is committed is on a majority of those that count. */
  boolean isSafe() {
    return complete() > members.size() / 2 && members.size() >= 3;
  }

  private long complete() {
    return members.stream().filter(member -> has.getOrDefault(member, NOTHING) == last).count();
  }

  /** Does it, or not; not if the leader or the members are others than those that were seen. */
  void act(LogView seen, Step step) {
    if (seen.leader() == leader && members.equals(Set.copyOf(seen.members()))) {
      act(step);
    }
  }

  /** Does it, or not. */
  void act(Step step) {
    if (random.nextInt(4) == 0 || changing || leader < 0 || away.contains(leader)) {
      return; // the question is lost
    }
    if (step instanceof Step.Adopt adopts && !away.contains(adopts.writer())) {
      has.putIfAbsent(adopts.writer(), NOTHING);
    } else if (step instanceof Step.Add adds && has.containsKey(adds.writer())) {
      if (!away.contains(adds.writer()) && canCommit()) {
        has.put(adds.writer(), last); // staged
        members.add(adds.writer());
        changing = random.nextBoolean();
      }
    } else if (step instanceof Step.Remove removes) {
      if (removes.writer() == leader) {
        throw new AssertionError("the leader cannot take itself out");
      }
      if (canCommit()) {
        members.remove(removes.writer());
        changing = random.nextBoolean();
      }
    } else if (step instanceof Step.Lead leads && members.contains(leads.writer())) {
      if (!away.contains(leads.writer()) && has.get(leads.writer()) == last) {
        leader = leads.writer();
      }
    }
  }

  private boolean canCommit() {
    return members.stream().filter(member -> !away.contains(member)).count() > members.size() / 2;
  }

  /** Writers go and come, at most one at a time; records come; who is behind gets them. */
  void pass(boolean quiet) {
    changing = false;
    away.removeIf(writer -> quiet || random.nextInt(3) == 0);
    if (!quiet && away.isEmpty() && random.nextInt(3) == 0) {
      away.add(random.nextInt(writers));
    }
    if (leader >= 0 && (away.contains(leader) || (!quiet && random.nextInt(6) == 0))) {
      leader = -1;
    }
    if (leader < 0 && random.nextBoolean()) {
      List<Integer> able =
          members.stream().filter(each -> !away.contains(each) && has.get(each) == last).toList();
      leader = able.isEmpty() ? -1 : able.get(random.nextInt(able.size()));
    }
    if (leader >= 0 && canCommit()) {
      last += random.nextInt(2_000);
      for (int member : members) {
        if (!away.contains(member)) {
          has.put(member, last);
        }
      }
    }
    for (int writer : new ArrayList<>(has.keySet())) {
      if (leader >= 0 && !members.contains(writer) && !away.contains(writer)) {
        if (random.nextBoolean()) {
          has.remove(writer); // it finds out that it is no member
        }
      }
    }
  }

  @Override
  public String toString() {
    return "members %s, led by %d, away %s, have %s of %d"
        .formatted(members, leader, away, has, last);
  }
}
