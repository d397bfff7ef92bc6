package io.sluice.writer.sim;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs seeds: {@code Simulation --seeds 1-1000}. A seed does the same whenever it is run, so that
 * what it finds can be looked at again: {@code Simulation --seeds 17 --last 300}.
 */
public final class Simulation {

  private final Tally tally = new Tally();
  private final Set<Flaw> flaws;
  private final int last;
  private long steps;

  /**
   * @param last so many of the last things that happened are told with a violation
   */
  Simulation(Set<Flaw> flaws, int last) {
    this.flaws = flaws;
    this.last = last;
  }

  /**
   * One seed.
   *
   * @param seed any
   * @param hash of all that happened
   * @param steps how many things happened
   * @param failure what was wrong, and what happened before; null if all was well
   */
  record Outcome(long seed, long hash, long steps, @Nullable String failure) {}

  Outcome run(long seed) {
    Run run = new Run(seed, last, tally, flaws);
    @Nullable String failure = null;
    try {
      run.run();
    } catch (Exception | AssertionError e) {
      failure =
          "%sseed %d, step %d, second %.3f: %s%n(run it again: Simulation --seeds %d --last %d)"
              .formatted(
                  run.world.trace.text(),
                  seed,
                  run.world.agenda.steps(),
                  run.world.now() / 1e6,
                  e instanceof Violation ? e.getMessage() : stack(e),
                  seed,
                  last);
    }
    steps += run.world.agenda.steps();
    return new Outcome(seed, run.world.trace.hash(), run.world.agenda.steps(), failure);
  }

  private static String stack(Throwable e) {
    StringWriter out = new StringWriter();
    e.printStackTrace(new PrintWriter(out));
    return out.toString();
  }

  Tally tally() {
    return tally;
  }

  long steps() {
    return steps;
  }

  /**
   * Exits with 1 if a seed fails.
   *
   * @param args {@code --seeds a-b}, {@code --last n}, {@code --flaw name}, {@code --keep-going}
   */
  public static void main(String[] args) {
    long from = 1;
    long to = 1000;
    int last = 100;
    boolean keepsGoing = false;
    Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    List<String> all = new ArrayList<>(List.of(args));
    while (!all.isEmpty()) {
      String flag = all.remove(0);
      switch (flag) {
        case "--seeds" -> {
          String[] ends = all.remove(0).split("-", 2);
          from = Long.parseLong(ends[0]);
          to = Long.parseLong(ends[ends.length - 1]);
        }
        case "--last" -> last = Integer.parseInt(all.remove(0));
        case "--flaw" -> flaws.add(Flaw.valueOf(all.remove(0)));
        case "--keep-going" -> keepsGoing = true;
        default -> throw new IllegalArgumentException("cannot use " + flag);
      }
    }
    Simulation simulation = new Simulation(flaws, last);
    long failed = 0;
    long cpu = cpuNanos();
    long seed = from;
    for (; seed <= to && (keepsGoing || failed == 0); seed++) {
      Outcome outcome = simulation.run(seed);
      if (outcome.failure() != null) {
        System.out.println(outcome.failure());
        failed++;
      }
    }
    System.out.printf(
        "%s%nseeds %d-%d: %d failed; %,d steps, %,d faults, %.1f s of CPU%n",
        simulation.tally().text(),
        from,
        seed - 1,
        failed,
        simulation.steps(),
        simulation.tally().faults(),
        (cpuNanos() - cpu) / 1e9);
    if (failed > 0) {
      System.exit(1);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
