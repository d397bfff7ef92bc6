package io.sluice.schema.service;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which Writers hold which logs of a cluster: a function of the cluster's size alone, so that
 * everybody finds the same. Each log ranks the Writers by a hash (rendezvous) and takes the first
 * that have room: nobody holds more than its part of all copies, rounded up, nor is the preferred
 * leader of more than its part of the logs. The copies of a log are in different zones, unless the
 * zones are so unlike that this cannot be. Writers and logs are counted from 0.
 *
 * <p>With one Writer more, about 1.25 times as many copies move as are its part (117, of at least
 * 94, over all steps from 3 Writers to 12 with 24 logs and three copies).
 */
public final class Placement {

  private final List<List<Integer>> writers;

  private Placement(List<List<Integer>> writers) {
    this.writers = writers;
  }

  /**
   * Of all logs.
   *
   * @param zones of each Writer; empty if each is a zone of its own
   * @param factor copies of each log; at most as many as there are Writers
   */
  public static Placement of(int logs, int writers, List<String> zones, int factor) {
    return of(logs, writers, zones, factor, Set.of());
  }

  /**
   * The same with some Writers that hold nothing. Without the last one it is what it is for one
   * Writer less.
   */
  public static Placement of(
      int logs, int writers, List<String> zones, int factor, Set<Integer> without) {
    int there = writers - without.size();
    if (factor > there || (!zones.isEmpty() && zones.size() != writers)) {
      throw new IllegalArgumentException(
          "cannot place %d copies on %d Writers in %d zones"
              .formatted(factor, there, zones.size()));
    }
    int[] room = new int[writers];
    Arrays.fill(room, part(logs * factor, there));
    without.forEach(writer -> room[writer] = 0);
    Zones apart = Zones.of(zones, writers);
    if (!apart.suffice(room, logs, factor)) {
      apart = Zones.of(List.of(), writers);
    }
    List<List<Integer>> holders = new ArrayList<>();
    for (int log = 0; log < logs; log++) {
      List<Integer> chosen = apart.choose(ranked(log, writers), room, logs - log, factor);
      chosen.forEach(writer -> room[writer]--);
      holders.add(chosen);
    }
    return new Placement(PreferredLeaders.first(holders, part(logs, there)));
  }

  /** The Writers that hold the log; the first is the one that leads it if it can. */
  public List<Integer> writers(int log) {
    return writers.get(log);
  }

  /** The Writer that leads the log if it can. */
  public int leader(int log) {
    return writers.get(log).get(0);
  }

  /** The logs that the Writer holds a copy of, in order. */
  public List<Integer> logs(int writer) {
    return IntStream.range(0, writers.size())
        .filter(log -> writers.get(log).contains(writer))
        .boxed()
        .toList();
  }

  private static int part(int of, int among) {
    return (of + among - 1) / among;
  }

  private static List<Integer> ranked(int log, int writers) {
    return IntStream.range(0, writers)
        .boxed()
        .sorted(Comparator.comparing((Integer writer) -> score(log, writer)).reversed())
        .toList();
  }

  private static long score(int log, int writer) {
    return Hashing.xxh3_64().hashStream().putInt(log).putInt(writer).getAsLong();
  }
}
