package io.sluice.schema.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses which of a log's Writers leads it, none of them more than so many: a matching, grown by
 * augmenting paths. There always is one: any logs have so many copies on so many Writers that these
 * can lead them (Hall).
 */
final class PreferredLeaders {

  private final List<List<Integer>> holders;
  private final int most;
  private final Map<Integer, List<Integer>> led = new HashMap<>();

  private PreferredLeaders(List<List<Integer>> holders, int most) {
    this.holders = holders;
    this.most = most;
  }

  /** Each log's Writers, the one that is to lead it first, the others in their order. */
  static List<List<Integer>> first(List<List<Integer>> holders, int most) {
    PreferredLeaders leaders = new PreferredLeaders(holders, most);
    for (int log = 0; log < holders.size(); log++) {
      if (!leaders.find(log, new HashSet<>())) {
        throw new IllegalStateException(
            "cannot choose leaders of %s, at most %d logs each".formatted(holders, most));
      }
    }
    return leaders.ordered();
  }

  /** One that has room; else one whose log finds another. */
  private boolean find(int log, Set<Integer> asked) {
    for (int writer : holders.get(log)) {
      List<Integer> its = led.computeIfAbsent(writer, w -> new ArrayList<>());
      if (its.size() < most) {
        its.add(log);
        return true;
      }
    }
    for (int writer : holders.get(log)) {
      List<Integer> its = led.getOrDefault(writer, List.of());
      if (!asked.add(writer)) {
        continue;
      }
      for (int i = 0; i < its.size(); i++) {
        if (find(its.get(i), asked)) {
          its.set(i, log);
          return true;
        }
      }
    }
    return false;
  }

  private List<List<Integer>> ordered() {
    List<List<Integer>> ordered = new ArrayList<>(holders);
    led.forEach(
        (writer, logs) ->
            logs.forEach(
                log -> {
                  List<Integer> its = new ArrayList<>(holders.get(log));
                  its.remove(writer);
                  its.add(0, writer);
                  ordered.set(log, List.copyOf(its));
                }));
    return List.copyOf(ordered);
  }
}
