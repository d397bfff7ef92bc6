package io.sluice.writer.sim;

import java.util.Random;
import java.util.Set;

/** What all parts of a run share: its time, its chance, and what it writes down. */
final class World {

  final Random random;
  final Plan plan;
  final Agenda agenda = new Agenda();
  final Tally tally;
  final Trace trace;
  private final Set<Flaw> flaws;
  private boolean calm;

  World(long seed, int traced, Tally tally, Set<Flaw> flaws) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.plan = new Plan(random);
    this.tally = tally;
    this.trace = new Trace(traced);
    this.flaws = flaws;
  }

  long now() {
    return agenda.now();
  }

  long nanos() {
    return agenda.now() * 1_000;
  }

  boolean has(Flaw flaw) {
    return flaws.contains(flaw);
  }

  /** From now on nothing goes wrong any more. */
  void calm() {
    calm = true;
  }

  boolean isCalm() {
    return calm;
  }

  /** Whether this fault happens here; then it is counted. */
  boolean hits(Fault fault) {
    boolean does = mayHit(fault);
    if (does) {
      tally.add(fault);
    }
    return does;
  }

  /** Whether it happens here if it can. */
  boolean mayHit(Fault fault) {
    return !calm && random.nextDouble() < Plan.usual(fault) * plan.rate(fault);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long between(long from, long to) {
    return from + (long) (random.nextDouble() * (to - from));
  }

  /** A time around a mean: mostly less, now and then much more. */
  long around(long mean) {
    return (long) (-Math.log(1 - random.nextDouble()) * mean);
  }

  void note(String text, Object... of) {
    trace.add(agenda.now(), text, of);
  }
}
