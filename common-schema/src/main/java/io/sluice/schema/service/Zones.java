package io.sluice.schema.service;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Zones of Writers, of which a log's copies are in different ones.
 *
 * <p>So many copies fit if each log that is still to be placed can have its own in different zones:
 * if the zones' rooms, none counted more often than there are logs, are as many as the copies.
 * {@link #choose} never leaves less: then it never gets stuck.
 *
 * @param of each Writer's zone, from 0
 */
record Zones(List<Integer> of, int count) {

  /**
   * @param names of each Writer's zone; empty if each is a zone of its own
   */
  static Zones of(List<String> names, int writers) {
    if (names.isEmpty()) {
      return new Zones(IntStream.range(0, writers).boxed().toList(), writers);
    }
    List<String> distinct = names.stream().distinct().toList();
    return new Zones(names.stream().map(distinct::indexOf).toList(), distinct.size());
  }

  /** Whether the copies of all these logs can be in different zones. */
  boolean suffice(int[] room, int logs, int factor) {
    return spare(room, logs, factor) >= 0;
  }

  /**
   * The Writers of one log, in the order of its ranks.
   *
   * @param room of each Writer
   * @param left logs to place, this one included
   */
  List<Integer> choose(List<Integer> ranked, int[] room, int left, int factor) {
    int[] roomOf = rooms(room);
    int spare = spare(room, left - 1, factor);
    List<Integer> chosen = new ArrayList<>();
    boolean[] taken = new boolean[count];
    for (int writer : ranked) {
      int zone = of.get(writer);
      boolean isNeeded = roomOf[zone] < left; // later logs could have all of it
      if (chosen.size() < factor && room[writer] > 0 && !taken[zone] && !(isNeeded && spare == 0)) {
        spare -= isNeeded ? 1 : 0;
        taken[zone] = true;
        chosen.add(writer);
      }
    }
    return chosen;
  }

  private int spare(int[] room, int logs, int factor) {
    int fit = 0;
    for (int zone : rooms(room)) {
      fit += Math.min(zone, logs);
    }
    return fit - logs * factor;
  }

  private int[] rooms(int[] room) {
    int[] rooms = new int[count];
    for (int writer = 0; writer < room.length; writer++) {
      rooms[of.get(writer)] += room[writer];
    }
    return rooms;
  }
}
