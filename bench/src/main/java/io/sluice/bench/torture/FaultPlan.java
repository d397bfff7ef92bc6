package io.sluice.bench.torture;

import io.sluice.bench.torture.FaultKind.Track;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Which faults come when: a function of the seed, the length and the repertoire, and of nothing
 * else. Each track goes through all of its kinds in some order, then again in another.
 *
 * @param faults by their time
 */
record FaultPlan(long seed, Duration length, List<PlannedFault> faults) {

  /** Of a track's time in a short run, so much is planned: the rest is for what takes longer. */
  private static final double FILLED = 0.8;

  static FaultPlan of(long seed, Duration length, Repertoire repertoire) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PlannedFault> all = new ArrayList<>();
    for (Track track : Track.values()) {
      SplittableRandom own = random.split();
      if (!repertoire.of(track).isEmpty()) {
        all.addAll(track(track, repertoire.of(track), length, own));
      }
    }
    all.sort(Comparator.comparing(PlannedFault::at));
    return new FaultPlan(seed, length, List.copyOf(all));
  }

  private static List<PlannedFault> track(
      Track track, List<FaultKind> kinds, Duration length, SplittableRandom random) {
    double scale = Math.min(1, FILLED * length.toMillis() / oneRound(track, kinds));
    List<PlannedFault> planned = new ArrayList<>();
    List<FaultKind> bag = new ArrayList<>();
    long at = 0;
    while (true) {
      if (bag.isEmpty()) {
        bag.addAll(kinds);
      }
      FaultKind kind = bag.remove(random.nextInt(bag.size()));
      at += (long) (scale * between(track.leastGap(), track.mostGap(), random));
      long lasts = (long) (scale * between(kind.least(), kind.most(), random));
      int draw = random.nextInt(Integer.MAX_VALUE);
      if (at + lasts > length.toMillis()) {
        return planned;
      }
      planned.add(
          new PlannedFault(kind, track, Duration.ofMillis(at), Duration.ofMillis(lasts), draw));
      at += lasts;
    }
  }

  /** Milliseconds in which each kind comes once, at the most. */
  private static double oneRound(Track track, List<FaultKind> kinds) {
    return kinds.stream().mapToDouble(kind -> kind.most().plus(track.mostGap()).toMillis()).sum();
  }

  private static long between(Duration least, Duration most, SplittableRandom random) {
    return random.nextLong(least.toMillis(), most.toMillis() + 1);
  }

  Stream<PlannedFault> of(Track track) {
    return faults.stream().filter(fault -> fault.track() == track);
  }
}
