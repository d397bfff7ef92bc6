package io.sluice.schema.page;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A number a second of each of some series, for the last five minutes: so that a page that is
 * opened now is not empty. One thread samples; any may read. Guarded by its monitor.
 */
public final class History {

  /** Of each series. */
  public static final int SECONDS = 300;

  /** There was nothing to measure in that second. */
  public static final long NOTHING = -1;

  private static final int DELAY_SECONDS = 10;
  private static final double NANOS = 1e9;

  /** What a series was a moment ago, and what it is now. */
  private interface Probe {
    long next(double seconds);
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Series(String name, Probe probe, long[] ring) {}

  /** A latency, and what of it there was in each of the last seconds. */
  private static final class Window {
    final PageDocument.DelayName name;
    final Latency latency;
    final Deque<long[]> looks = new ArrayDeque<>();
    long worst = NOTHING;

    Window(PageDocument.DelayName name, Latency latency) {
      this.name = name;
      this.latency = latency;
      looks.add(latency.counts());
    }

    void look() {
      long[] now = latency.counts();
      worst = Latency.quantile(Latency.between(looks.getLast(), now), 0.99);
      looks.add(now);
      if (looks.size() > DELAY_SECONDS + 1) {
        looks.removeFirst();
      }
    }

    PageDocument.Delay said() {
      long[] lately = Latency.between(looks.getFirst(), looks.getLast());
      return new PageDocument.Delay(
          name.name(),
          name.what(),
          Latency.sum(lately) / (double) Math.max(1, looks.size() - 1),
          Latency.quantile(lately, 0.5),
          Latency.quantile(lately, 0.99),
          Latency.quantile(lately, 1));
    }
  }

  @GuardedBy("this")
  private final List<Series> all = new ArrayList<>();

  @GuardedBy("this")
  private final List<Window> delays = new ArrayList<>();

  @GuardedBy("this")
  private long samples;

  @GuardedBy("this")
  private long lastNanos;

  /** How fast a sum grows, a second; one that shrinks, as of what has gone, does not grow. */
  @CanIgnoreReturnValue
  public synchronized History rate(String name, LongSupplier sum) {
    long[] before = {sum.getAsLong()};
    return add(
        name,
        seconds -> {
          long now = sum.getAsLong();
          long more = Math.max(0, now - before[0]);
          before[0] = now;
          return Math.round(more / seconds);
        });
  }

  /** A value as it is. */
  @CanIgnoreReturnValue
  public synchronized History level(String name, LongSupplier value) {
    return add(name, seconds -> value.getAsLong());
  }

  /**
   * Microseconds within which 99 of 100 ended that ended in that second.
   *
   * @param name of the series, too
   * @param what it measures, for people
   */
  @CanIgnoreReturnValue
  public synchronized History delay(String name, String what, Latency latency) {
    Window window = new Window(new PageDocument.DelayName(name, what), latency);
    delays.add(window);
    return add(
        name,
        seconds -> {
          window.look();
          return window.worst;
        });
  }

  @GuardedBy("this")
  private History add(String name, Probe probe) {
    long[] ring = new long[SECONDS];
    Arrays.fill(ring, NOTHING);
    all.add(new Series(name, probe, ring));
    return this;
  }

  /** Takes the next number of each series. */
  synchronized void sample(long nanos) {
    double seconds = samples == 0 ? 1 : Math.max(1e-3, (nanos - lastNanos) / NANOS);
    for (Series series : all) {
      series.ring[(int) (samples % SECONDS)] = series.probe.next(seconds);
    }
    lastNanos = nanos;
    samples++;
  }

  /**
   * A moment of all.
   *
   * @param sample how many were taken
   */
  record Look(long sample, List<PageDocument.Series> series, List<PageDocument.Delay> delays) {}

  /**
   * The last number of each series, and what latencies were in the last ten seconds.
   *
   * @param whole with all numbers that are kept
   */
  synchronized Look look(boolean whole) {
    int last = (int) ((samples + SECONDS - 1) % SECONDS);
    List<PageDocument.Series> series = new ArrayList<>();
    for (Series each : all) {
      List<Long> kept = whole ? points(each.ring) : null;
      series.add(new PageDocument.Series(each.name, each.ring[last], kept));
    }
    List<PageDocument.Delay> said = new ArrayList<>();
    for (Window window : delays) {
      said.add(window.said());
    }
    return new Look(samples, series, said);
  }

  @GuardedBy("this")
  private List<Long> points(long[] ring) {
    int count = (int) Math.min(samples, SECONDS);
    List<Long> points = new ArrayList<>(count);
    for (long i = samples - count; i < samples; i++) {
      points.add(ring[(int) (i % SECONDS)]);
    }
    return points;
  }
}
