package io.sluice.bench.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The longest time in which nothing was acked over a protocol, seen by looking at counters. Its own
 * thread looks; whoever made it asks when it is closed.
 */
final class Availability implements AutoCloseable {

  private static final long LOOK_MILLIS = 10;

  private final List<Watched> watched = new ArrayList<>();
  private final FaultLog log;
  private final Thread thread = new Thread(this::look, "availability");

  /** Only the looking thread changes it while that runs. */
  private static final class Watched {
    final String protocol;
    final LongSupplier acked;
    long seen;
    long since = System.nanoTime();
    Gap longest;

    Watched(String protocol, LongSupplier acked) {
      this.protocol = protocol;
      this.acked = acked;
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

  Availability(FaultLog log) {
    this.log = log;
    thread.setDaemon(true);
  }

  /** Before it begins. */
  Availability watching(String protocol, LongSupplier ackedRecords) {
    watched.add(new Watched(protocol, ackedRecords));
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
    if (acked != each.seen) {
      long now = System.nanoTime();
      note(each, now);
      each.seen = acked;
      each.since = now;
    }
  }

  private void note(Watched each, long now) {
    if (now - each.since > each.longest.to - each.longest.from) {
      each.longest = new Gap(each.protocol, each.since, now, log.between(each.since, now));
    }
  }

  /** Once it is closed: of each protocol. */
  List<Gap> longest() {
    return watched.stream().map(each -> each.longest).toList();
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
