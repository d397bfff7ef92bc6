package io.sluice.bench.hostile;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Shots at a steady pace, each sort on its own: the next one waits for the answer of the one
 * before, so that no more than one of a sort is under way.
 *
 * <p>Bombs of each of seven sorts go off every two seconds, what is wrong at its first look four
 * times as often, uploads that are too large every five seconds. To write 64 MiB of a bomb takes
 * about 130 ms of a core: three and a half a second are half a core of two. That shows what a bomb
 * does to who comes beside it; several times as many would show only that a machine without any
 * cores left is slow, which no limit within one process can help.
 */
final class Bombardment implements AutoCloseable {

  static final double BOMB_SECONDS = 2;
  static final double OVERSIZE_SECONDS = 5;
  static final double WRONG_SECONDS = 0.5;

  private static final long SECOND_MICROS = 1_000_000;
  private static final int THREADS = 16;
  private static final long END_SECONDS = 60;

  private final List<Shot> shots;
  private final ScheduledThreadPoolExecutor threads;
  private final Map<String, Map<String, LongAdder>> answers = new ConcurrentSkipListMap<>();

  Bombardment(List<Shot> shots) {
    this.shots = shots;
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "shots");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** All sorts within the first second. */
  void begin() {
    for (int i = 0; i < shots.size(); i++) {
      Shot shot = shots.get(i);
      Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
      answers.put(shot.name(), counts);
      long period = (long) (shot.everySeconds() * 1e6);
      var unused =
          threads.scheduleAtFixedRate(
              () -> fire(shot, counts),
              SECOND_MICROS * i / shots.size(),
              period,
              TimeUnit.MICROSECONDS);
    }
  }

  /** What fails on this side is told among the answers. */
  private static void fire(Shot shot, Map<String, LongAdder> counts) {
    String status;
    try {
      status = shot.sending().send();
    } catch (RuntimeException e) {
      status = e.toString();
    }
    counts.computeIfAbsent(status, s -> new LongAdder()).increment();
  }

  /** How many of each sort were answered how. */
  Map<String, Map<String, Long>> answers() {
    Map<String, Map<String, Long>> all = new TreeMap<>();
    answers.forEach(
        (name, counts) -> {
          Map<String, Long> sums = new TreeMap<>();
          counts.forEach((status, count) -> sums.put(status, count.sum()));
          all.put(name, sums);
        });
    return all;
  }

  /** Fires no more, and waits for what is under way. */
  @Override
  public void close() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
      threads.shutdownNow();
    }
  }
}
