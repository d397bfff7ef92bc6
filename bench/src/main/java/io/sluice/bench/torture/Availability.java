package io.sluice.bench.torture;

import io.sluice.bench.torture.FaultKind.Track;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The longest time in which nothing was acked over a protocol, and the longest time that a request
 * was under way, seen by looking at counters; of all, and under each kind of fault. Its own thread
 * looks; whoever made it asks when it is closed.
 */
final class Availability implements AutoCloseable {

  private static final long LOOK_MILLIS = 10;

  /** A wait that is no news. */
  private static final long SHORT_NANOS = 100_000_000;

  /** What comes on them keeps acks away; the others should not. */
  private static final Set<Track> OF_THE_WAY =
      EnumSet.of(Track.PROCESSES, Track.LINK, Track.CLUSTER);

  private final List<Watched> watched = new ArrayList<>();
  private final Map<FaultKind, Worst> byKind = new EnumMap<>(FaultKind.class);
  private final FaultLog log;
  private final Thread thread = new Thread(this::look, "availability");

  /** Only the looking thread changes it while that runs. */
  private static final class Watched {
    final String protocol;
    final LongSupplier acked;
    final LongSupplier waiting;
    long seen;
    long since = System.nanoTime();
    Gap longest;

    Watched(String protocol, LongSupplier acked, LongSupplier waiting) {
      this.protocol = protocol;
      this.acked = acked;
      this.waiting = waiting;
      this.longest = new Gap(protocol, since, since, Set.of());
    }
  }

  /** Nothing was acked from the one to the other, by System.nanoTime. */
  record Gap(String protocol, long from, long to, Set<FaultKind> faults) {

    double seconds() {
      return (to - from) / 1e9;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s: longest unavailability %.1f s, under %s", protocol, seconds(), faults);
    }
  }

  /**
   * Under a kind of fault, over any protocol.
   *
   * @param silentNanos in which nothing was acked
   * @param waitNanos that a request was under way, retries and all
   */
  record Worst(long silentNanos, long waitNanos) {

    static final Worst NONE = new Worst(0, 0);

    Worst and(Worst other) {
      return new Worst(
          Math.max(silentNanos, other.silentNanos), Math.max(waitNanos, other.waitNanos));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "at most %.1f s without an ack, %.1f s for a request",
          silentNanos / 1e9,
          waitNanos / 1e9);
    }
  }

  Availability(FaultLog log) {
    this.log = log;
    thread.setDaemon(true);
  }

  /** Before it begins. */
  Availability watching(String protocol, LongSupplier ackedRecords) {
    return watching(protocol, ackedRecords, () -> 0);
  }

  /**
   * The same.
   *
   * @param waitingNanos how long the oldest request has been under way
   */
  Availability watching(String protocol, LongSupplier ackedRecords, LongSupplier waitingNanos) {
    watched.add(new Watched(protocol, ackedRecords, waitingNanos));
    return this;
  }

  Availability begin() {
    thread.start();
    return this;
  }

  private void look() {
    try {
      while (true) {
        watched.forEach(this::look);
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      watched.forEach(each -> note(each, System.nanoTime()));
    }
  }

  private void look(Watched each) {
    long acked = each.acked.getAsLong();
    long now = System.nanoTime();
    if (acked != each.seen) {
      note(each, now);
      each.seen = acked;
      each.since = now;
    }
    long wait = each.waiting.getAsLong();
    if (wait > SHORT_NANOS) {
      blame(log.between(now - wait, now), new Worst(0, wait));
    }
  }

  private void note(Watched each, long now) {
    long silent = now - each.since;
    if (silent > SHORT_NANOS || silent > each.longest.to - each.longest.from) {
      Set<FaultKind> faults = log.between(each.since, now);
      blame(faults, new Worst(silent, 0));
      if (silent > each.longest.to - each.longest.from) {
        each.longest = new Gap(each.protocol, each.since, now, faults);
      }
    }
  }

  private void blame(Set<FaultKind> faults, Worst what) {
    boolean isOfTheWay = faults.stream().anyMatch(kind -> OF_THE_WAY.contains(kind.track()));
    for (FaultKind kind : faults) {
      if (!isOfTheWay || OF_THE_WAY.contains(kind.track())) {
        byKind.merge(kind, what, Worst::and);
      }
    }
  }

  /** Once it is closed: of each protocol. */
  List<Gap> longest() {
    return watched.stream().map(each -> each.longest).toList();
  }

  /** Once it is closed: under each kind of fault. */
  Map<FaultKind, Worst> worst() {
    return byKind;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
